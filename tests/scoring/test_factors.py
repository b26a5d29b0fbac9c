"""Every factor: a case for it, one against it, and where it can arise one the records cannot judge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from diversion.findings import Contribution
from diversion.scoring.facts import gather
from diversion.scoring.scorecard import SCORECARD, Scorer
from tests.scoring.world import SCOPES, SHOES, Move, World, corridor, days, dossier, verdict

EARLIER = Move("S0", "maker", "shop", "2019-01-05", "2019-01-09", hs6=SHOES)
IN = Move("S1", "maker", "broker", "2024-03-03", "2024-03-10")
OUT = Move("S2", "broker", "target", "2024-03-21", "2024-03-25")
PARTIES = {"maker": ("CH", "1990-01-01"), "broker": ("AE", "2015-01-01"), "target": ("RU", "1950-01-01")}
PLAIN = World(moves=[EARLIER, IN, OUT], parties=PARTIES, listed=[verdict("target")])

Case = tuple[World, Callable[[float], bool]]


def plain(*more: Move, into: Move = IN, out: Move = OUT, **changes: Any) -> World:
    return PLAIN.having(moves=[EARLIER, into, out, *more], **changes)


def who(**changed: tuple[str | None, str | None]) -> dict[str, tuple[str | None, str | None]]:
    return {**PARTIES, **changed}


def years(first: int = 2019, last: int = 2023) -> list[Move]:
    """A long trade of the maker with the broker and the broker with an honest shop."""
    moves = []
    for year in range(first, last + 1):
        moves.append(Move(f"I{year}", "maker", "broker", f"{year}-02-01", f"{year}-02-05"))
        moves.append(Move(f"O{year}", "broker", "shop", f"{year}-02-20", f"{year}-02-25"))
    return moves


OLD_CUSTOMER = [
    Move(f"D{month}", "maker", "target", f"2021-{month:02}-01", f"2021-{month:02}-08")
    for month in (2, 5, 8, 11)
]
NEWCOMER = [Move("N1", "maker", "broker", "2022-04-01", "2022-04-08", quantity=400.0, value=4000.0)]

RAISES: dict[str, tuple[World, World, World | None]] = {
    "tier of the goods": (PLAIN, plain(into=replace(IN, hs6=SHOES)), None),
    "origin in the coalition": (
        PLAIN,
        plain(parties=who(maker=("CN", None))),
        plain(parties=who(maker=(None, None))),
    ),
    "first seller seen": (PLAIN, plain(Move("X", "fab", "maker", "2023-01-01", "2023-01-05")), None),
    "strength of the restriction": (PLAIN, plain(listed=[verdict("target", "2024-03-22")]), None),
    "licence needed for the destination": (
        PLAIN,
        plain(parties=who(target=("CH", None))),
        plain(parties=who(target=(None, None))),
    ),
    "direct delivery": (plain(into=replace(IN, src="broker", dst="shop")), PLAIN, None),
    "declared end user restricted": (
        plain(out=replace(OUT, dst="front", end_user="target")),
        plain(out=replace(OUT, dst="front", end_user="shop")),
        PLAIN,
    ),
    "intermediary in doubt": (
        plain(listed=[verdict("target"), verdict("broker", verdict="undetermined")]),
        plain(listed=[verdict("target"), verdict("broker", "2024-03-22", effect="statement")]),
        None,
    ),
    "founded shortly before": (
        plain(parties=who(broker=("AE", "2024-02-01"))),
        PLAIN,
        plain(parties=who(broker=("AE", None))),
    ),
    "founded after a control": (
        plain(parties=who(broker=("AE", "2022-03-10"))),
        plain(parties=who(broker=("AE", "2022-02-23"))),
        plain(parties=who(broker=("AE", None))),
    ),
    "transshipment country": (
        PLAIN,
        plain(parties=who(broker=("FR", None))),
        plain(parties=who(broker=(None, None))),
    ),
    "new to these goods": (
        PLAIN,
        plain(*years()),
        PLAIN.having(moves=[IN, OUT]),
    ),
    "single customer": (
        plain(Move("S3", "broker", "target", "2024-04-01", "2024-04-05")),
        plain(
            Move("S3", "broker", "target", "2024-04-01", "2024-04-05"),
            Move("S4", "broker", "shop", "2024-04-01", "2024-04-05"),
        ),
        None,
    ),
    "dwell time": (
        PLAIN,
        plain(out=replace(OUT, left="2024-06-21", came="2024-06-25")),
        plain(into=replace(IN, hs6="854232")),
    ),
    "quantity in against quantity out": (
        PLAIN,
        plain(out=replace(OUT, quantity=40.0)),
        plain(out=replace(OUT, quantity=None, weight=None)),
    ),
    "volume jump after a control": (
        plain(
            *years(2020, 2022),
            Move("J1", "broker", "shop", "2022-06-01", "2022-06-05", value=9000.0),
            into=replace(IN, left="2022-11-01", came="2022-11-05"),
            out=replace(OUT, left="2022-11-10", came="2022-11-15"),
        ),
        plain(
            *years(2020, 2022),
            into=replace(IN, left="2022-11-01", came="2022-11-05"),
            out=replace(OUT, left="2022-11-10", came="2022-11-15"),
        ),
        PLAIN.having(
            moves=[
                replace(IN, left="2022-11-01", came="2022-11-05"),
                replace(OUT, left="2022-11-10", came="2022-11-15"),
            ]
        ),
    ),
    "goods changed their code": (
        plain(into=replace(IN, hs6="854232")),
        PLAIN,
        plain(into=replace(IN, hs6=SCOPES)),
    ),
    "price in against price out": (
        plain(out=replace(OUT, value=2500.0)),
        PLAIN,
        plain(out=replace(OUT, value=None)),
    ),
    "shared owner or address": (
        plain(located=[("broker", "A1", None, None), ("target", "A1", None, None)]),
        plain(located=[("broker", "A1", None, "2024-03-21"), ("target", "A1", None, None)]),
        PLAIN,
    ),
    "orders of a listed customer taken over": (
        plain(*OLD_CUSTOMER, *NEWCOMER),
        plain(*OLD_CUSTOMER, *NEWCOMER, Move("B0", "maker", "broker", "2020-01-01", "2020-01-08")),
        PLAIN.having(moves=[IN, OUT]),
    ),
    "declared destination against where the goods went": (
        plain(into=replace(IN, end_user="clinic")),
        plain(
            Move("E1", "broker", "clinic", "2024-04-01", "2024-04-03"), into=replace(IN, end_user="clinic")
        ),
        PLAIN,
    ),
    "no end use stated": (
        plain(out=replace(OUT, end_use="resale")),
        plain(into=replace(IN, end_use="toys")),
        PLAIN,
    ),
    "consignee only passes on": (
        plain(out=replace(OUT, consignee="Some Bank")),
        plain(out=replace(OUT, consignee="Some Bank", end_user="target")),
        None,
    ),
}
LOWERS: dict[str, tuple[World, World, World | None]] = {
    "licence stated for the last shipment": (
        plain(out=replace(OUT, licence="D-1")),
        plain(into=replace(IN, licence="D-1")),
        PLAIN,
    ),
    "licence stated for the first shipment": (
        plain(into=replace(IN, licence="D-1")),
        plain(out=replace(OUT, licence="D-1")),
        PLAIN,
    ),
    "seller long in this trade": (plain(*years()), PLAIN, PLAIN.having(moves=[IN, OUT])),
    "intermediary long in this trade": (plain(*years()), PLAIN, PLAIN.having(moves=[IN, OUT])),
    "many customers": (
        plain(*[Move(f"C{i}", "broker", f"c{i}", "2024-04-01", "2024-04-03") for i in range(12)]),
        PLAIN,
        None,
    ),
    "hands passed": (PLAIN, PLAIN.having(moves=[replace(OUT, id="S1"), replace(OUT, id="S2")]), None),
    "breaks in the chain": (PLAIN, PLAIN, None),
    "bought before the restriction": (
        plain(listed=[verdict("target", "2024-03-05")], parties=who(target=("CN", None))),
        plain(listed=[verdict("target", "2024-03-03")], parties=who(target=("CN", None))),
        None,
    ),
    "days not certain": (plain(into=replace(IN, estimated=True)), PLAIN, None),
    "more out than in": (
        plain(out=replace(OUT, quantity=400.0)),
        PLAIN,
        plain(out=replace(OUT, quantity=None, weight=None)),
    ),
}


def judge(name: str, world: World, relations: tuple[str, ...] = ()) -> tuple[Contribution | None, str | None]:
    case = dossier(world)
    scorer = Scorer(case, gather(case))
    direct = {move.src for move in world.moves if move.id in ("S1", "S2")} == {"broker"}
    scored = scorer.score(corridor(case, *(["S2"] if direct else ["S1", "S2"]), relations=relations))
    told = [one for one in scored.contributions if one.factor == name and one.points]
    why = [one.why for one in scored.unjudged if one.factor == name]
    return (told[0] if told else None), (why[0] if why else None)


def test_every_factor_has_its_cases() -> None:
    assert {one.name for one in SCORECARD} == set(RAISES) | set(LOWERS)


@pytest.mark.parametrize("name", RAISES)
def test_a_case_for_it_raises(name: str) -> None:
    told, _ = judge(name, RAISES[name][0])
    assert told is not None
    assert told.points > 0
    assert told.evidence
    assert "nan" not in told.detail


@pytest.mark.parametrize("name", sorted(set(LOWERS) - {"breaks in the chain"}))
def test_a_mitigating_case_lowers(name: str) -> None:
    told, _ = judge(name, LOWERS[name][0])
    assert told is not None
    assert told.points < 0
    assert told.evidence


@pytest.mark.parametrize("name", [*RAISES, *LOWERS])
def test_the_opposite_case_gives_no_points(name: str) -> None:
    told, why = judge(name, {**RAISES, **LOWERS}[name][1])
    assert told is None
    assert why is None


@pytest.mark.parametrize("name", [name for name, (_, _, dark) in {**RAISES, **LOWERS}.items() if dark])
def test_without_data_it_is_not_judged(name: str) -> None:
    world = {**RAISES, **LOWERS}[name][2]
    assert world is not None
    told, why = judge(name, world)
    assert told is None
    assert why


def test_each_break_costs_what_the_search_took_off() -> None:
    told, _ = judge("breaks in the chain", PLAIN, ("owner+relabel",))
    assert told is not None
    assert told.points == pytest.approx(-0.8)
    assert told.detail.startswith("before hop 2 ")


def test_a_list_not_yet_published_is_said_and_costs_nothing() -> None:
    early = plain(
        into=replace(IN, left="2023-03-03", came="2023-03-10"),
        out=replace(OUT, left="2023-03-21", came="2023-03-25"),
    )
    case = dossier(early)
    scored = Scorer(case, gather(case)).score(corridor(case, "S1", "S2"))
    told = next(one for one in scored.contributions if one.factor == "tier of the goods")
    assert told.points == 0
    assert "only since 23 Feb 2024" in told.detail


def test_the_strongest_restriction_of_the_day_counts() -> None:
    listed = [
        verdict("target"),
        verdict("target", strength=1.0, effect="blocking", reason="SDN", listing="L2"),
    ]
    told, _ = judge("strength of the restriction", plain(listed=listed))
    assert told is not None
    assert told.points == 2.0
    assert "L2" in told.evidence


CUT = days("2024-03-10")


@pytest.mark.parametrize("name", [*RAISES, *LOWERS])
def test_a_restriction_told_in_two_parts_scores_as_one(name: str) -> None:
    for world in {**RAISES, **LOWERS}[name]:
        if world is not None and not isinstance(world, str):
            parts = [
                part
                for row in world.listed
                for part in ([row] if row["from"] >= CUT else [{**row, "until": CUT}, {**row, "from": CUT}])
            ]
            told, cut = (judge(name, one) for one in (world, world.having(listed=parts)))
            assert told[0] == cut[0] or (told[0] and cut[0] and told[0].points == cut[0].points)
            assert told[1] == cut[1]


def test_who_was_restricted_by_another_rule_before_was_not_bought_for_before() -> None:
    owned = [
        verdict("target", "2012-01-01", rule="ofac-50", until=CUT),
        verdict("target", "2024-03-10", strength=1.0),
    ]
    buyer = who(target=("CN", None))
    assert judge("bought before the restriction", plain(listed=owned, parties=buyer))[0] is None
    later = [verdict("target", "2012-01-01", until=CUT - 1), owned[1]]
    assert judge("bought before the restriction", plain(listed=later, parties=buyer))[0] is not None


def test_sentences_name_parties_days_and_amounts() -> None:
    told, _ = judge("quantity in against quantity out", plain(out=replace(OUT, quantity=95.0)))
    assert told is not None
    assert "broker Ltd" in told.detail
    assert "95%" in told.detail
    assert "100 pieces" in told.detail
    assert set(told.evidence) == {"S1", "S2"}
    told, _ = judge("founded shortly before", RAISES["founded shortly before"][0])
    assert told is not None
    assert told.detail == (
        "broker Ltd was founded on 1 Feb 2024, 31 days before its first shipment on record (3 Mar 2024)"
    )


def test_a_shared_majority_owner_weighs_more_than_an_address() -> None:
    owned = [("nominee", "broker", 60.0, None, None), ("nominee", "target", 51.0, None, None)]
    told, _ = judge("shared owner or address", plain(holdings=owned))
    assert told is not None
    assert told.points == 1.2
    assert "nominee" in told.evidence
    minority = [("nominee", "broker", 49.0, None, None), ("nominee", "target", 51.0, None, None)]
    assert judge("shared owner or address", plain(holdings=minority)) == (None, None)


def test_a_mass_address_ties_nobody() -> None:
    located = [(f"p{i}", "A1", None, None) for i in range(60)]
    located += [("broker", "A1", None, None), ("target", "A1", None, None)]
    assert judge("shared owner or address", plain(located=located)) == (None, None)


def test_selling_on_to_the_lost_customer_itself_weighs_double() -> None:
    told, _ = judge(
        "orders of a listed customer taken over", RAISES["orders of a listed customer taken over"][0]
    )
    assert told is not None
    assert told.points == 1.2
    assert "and sold on to target Ltd" in told.detail
    assert "4 shipments, the last on 1 Nov 2021" in told.detail
    assert {"target", "maker", "D11", "N1"} <= set(told.evidence)


def test_a_customer_that_still_buys_was_not_taken_over() -> None:
    still = [*OLD_CUSTOMER, *NEWCOMER, Move("D12", "maker", "target", "2022-12-01", "2022-12-08")]
    assert judge("orders of a listed customer taken over", plain(*still))[0] is None


def test_units_that_differ_are_compared_by_weight() -> None:
    told, _ = judge(
        "quantity in against quantity out", plain(out=replace(OUT, unit="kg", quantity=3.0, weight=9.0))
    )
    assert told is not None
    assert "10 kg" in told.detail
    assert "90%" in told.detail


def test_the_same_end_reached_by_an_old_wholesaler_stays_below_high_and_by_a_shell_is_severe() -> None:
    """Controlled goods at the same listed customer: what differs is what the intermediary is and does."""

    def score(world: World) -> float:
        case = dossier(world)
        return Scorer(case, gather(case)).score(corridor(case, "S1", "S2")).score

    stock = [Move(f"W{i}", "maker", "broker", f"2023-{i:02}-01", f"2023-{i:02}-09") for i in range(3, 13)]
    sales = [Move(f"C{i}", "broker", f"c{i}", f"2023-{i:02}-28", f"2023-{i:02}-28") for i in range(3, 13)]
    honest = plain(*years(), *stock, *sales, parties=who(broker=("DE", "1995-01-01")))
    shell = plain(parties=who(broker=("AE", "2024-02-01")))
    assert score(honest) < 50
    assert score(shell) >= 80
