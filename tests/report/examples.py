"""Findings made by hand, of every shape that a page has to tell."""

# ruff: noqa: E501 - sentences stand as a page shows them
from __future__ import annotations

from dataclasses import replace
from typing import Any

from diversion.findings import (
    Break,
    Contribution,
    Finding,
    Goods,
    Holding,
    Hop,
    PartyRef,
    Record,
    Restricted,
    Search,
    Unjudged,
    band_of,
)
from diversion.ids import digest
from diversion.lists import ListVersion
from diversion.report.data import Passage, ReportData, SourceRow

EXACT = Search(True, None)
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror="window.hacked=1">',
    '=HYPERLINK("http://evil.example","x")',
    "شركة النور <b>للتجارة</b>",
    "Nul\x00Name\x1b[31m\u202egnitrats</script><!--\u2028",
    "%{x} $\\alpha$ {{ 7*7 }} &lt;i&gt; javascript:alert(1)",
)


def scored(finding: Finding) -> Finding:
    """With the score that its points make."""
    logit = finding.base + sum(c.points for c in finding.contributions)
    score = 100 / (1 + 2.718281828459045**-logit)
    ids = [party.id for party in finding.parties]
    return replace(finding, score=score, band=band_of(score), route_id=f"R-{digest(*ids, finding.item.hs6)}")


def record(shipment: str, hop: int, sender: str, receiver: str, out: str, back: str, **more: Any) -> Record:
    told: dict[str, Any] = {
        "file": "customs_ae_2024.xlsx",
        "sheet": "Export",
        "row": 4117,
        "quantity": 1320.0,
        "unit": "pieces",
        "value_usd": 410_000.0,
        "description": "INTEGRATED CIRCUITS",
        "estimated": False,
        **more,
    }
    return Record(shipment, hop, departed_on=out, arrived_on=back, sender=sender, receiver=receiver, **told)


def kestrel() -> Finding:
    """The case of a broker: two hops, an owned end, a name taken to be another."""
    a, b, c = "Nordic Radian AG", "Kestrel Trading FZE", "OOO Volga Instruments"
    records = (
        record("S-118830", 1, a, b, "2024-03-03", "2024-03-08", row=4117),
        record(
            "S-118831", 1, a, b, "2024-04-01", "2024-04-05", row=4120, quantity=1500.0, value_usd=480_000.0
        ),
        record(
            "S-118835", 1, a, b, "2024-04-27", "2024-05-02", row=4133, quantity=1360.0, value_usd=420_000.0
        ),
        record(
            "S-118832",
            2,
            b,
            c,
            "2024-03-14",
            "2024-03-24",
            row=71,
            file="customs_ru.csv",
            sheet=None,
            quantity=900.0,
        ),
        record(
            "S-118833",
            2,
            b,
            "VOLGA INSTRUMENTS LLC",
            "2024-04-16",
            "2024-04-25",
            row=72,
            sheet=None,
            file="customs_ru.csv",
            quantity=1200.0,
        ),
        record(
            "S-118836",
            2,
            b,
            "VOLGA INSTRUMENTS LLC",
            "2024-05-06",
            "2024-05-14",
            row=77,
            sheet=None,
            file="customs_ru.csv",
            quantity=960.0,
        ),
        record(
            "S-118840",
            2,
            b,
            "VOLGA INSTRUMENTS LLC",
            "2024-05-11",
            "2024-05-19",
            row=80,
            sheet=None,
            file="customs_ru.csv",
            quantity=900.0,
            estimated=True,
        ),
    )
    return scored(
        Finding(
            route_id="",
            score=0,
            band="low",
            coverage=0.82,
            parties=(PartyRef("C-100", a, "CH"), PartyRef("C-200", b, "AE"), PartyRef("C-300", c, "RU")),
            item=Goods("854231", "Electronic integrated circuits: processors and controllers", "1"),
            hops=2,
            routes=9,
            shipments=(
                ("S-118830", "S-118831", "S-118835"),
                ("S-118832", "S-118833", "S-118836", "S-118840"),
            ),
            first_day="2024-03-03",
            last_day="2024-05-19",
            quantity=3960.0,
            unit="pieces",
            value_usd=1_580_000.0,
            per_hop=(
                Hop(4180.0, "pieces", 1_310_000.0, "2024-03-03", "2024-05-02", ("854231",)),
                Hop(3960.0, "pieces", 1_580_000.0, "2024-03-14", "2024-05-19", ("854231",)),
            ),
            base=-4.4,
            breaks=(),
            restricted=Restricted(
                "C-300",
                "yes",
                "Promtekh AO, on the US Entity List since 8 Apr 2022, owns 62 %",
                "bis-affiliates",
                "2022-04-08",
                (Holding("Promtekh AO", c, 62.0, 62.0, "2024-02-01", None, "ownership.csv row 12"),),
                0.99,
            ),
            contributions=(
                Contribution(
                    "tier",
                    1.9,
                    "The goods are CHPL tier 1 and their onward destination needs a licence",
                    "BIS CHPL of 23 Feb 2024, in force on these days",
                    ("S-118832",),
                ),
                Contribution(
                    "founded",
                    1.4,
                    "Kestrel Trading FZE was founded 41 days before its first shipment",
                    "FIN-2023-Alert004: founded after 24 Feb 2022",
                    ("C-200",),
                ),
                Contribution(
                    "in_out",
                    1.1,
                    "What came in went out: 95 % of the pieces, median dwell 11 days",
                    "BIS red flags 8 and 10",
                    ("S-118830", "S-118832"),
                ),
                Contribution(
                    "new_goods",
                    0.8,
                    "Kestrel's first goods of this heading, and no other customer for them",
                    "FIN-2023-Alert004",
                    ("C-200",),
                ),
                Contribution(
                    "orders",
                    0.9,
                    "A listed customer's orders were taken over: Promtekh bought the same goods from Nordic "
                    "Radian until Feb 2022",
                    "BIS red flag 25",
                    ("S-090001",),
                ),
                Contribution(
                    "long_trade",
                    -0.4,
                    "Nordic Radian has sold this heading to the Gulf since 2016",
                    "Part 732 Supp. 3, mitigating",
                    ("S-000007",),
                ),
                Contribution(
                    "listed_later",
                    0.0,
                    "The goods were not yet on a list at the first contract of 2021",
                    "BIS CHPL of 23 Feb 2024",
                    (),
                ),
            ),
            within=None,
            search=EXACT,
            happened=(
                "Between 3 Mar and 19 May 2024, 4,180 pieces of Electronic integrated circuits: processors and "
                "controllers (HS 854231, CHPL tier 1), worth US$1.31 m at the first hop, went from "
                "Nordic Radian AG (Switzerland) to Kestrel Trading FZE (United Arab Emirates) in 3 shipments, and within 11 days (median) 3,960 of the "
                "same went on to OOO Volga Instruments (Russia) in 4 shipments.",
                "Restricted on those days: OOO Volga Instruments, because Promtekh AO, on the US Entity List since "
                "8 Apr 2022, owns 62 % (rule bis-affiliates).",
            ),
            unjudged=(
                Unjudged("end_user_statement", "no record of one"),
                Unjudged("licence", "no column for it"),
                Unjudged("price", "no market price for 854231 in May 2024 in this policy"),
            ),
            identity=(
                "“VOLGA INSTRUMENTS LLC” on 3 of 4 shipments is taken to be OOO Volga Instruments: tax number "
                "agrees (0.99)",
            ),
            caveats=(
                "Ownership: 62 % stated on 1 Feb 2024; below 50 % on no day of these shipments",
                "Dates: departures known to the day; one arrival estimated from transit time (AE–RU, 6–14 days)",
                "Search: exact, every corridor under these limits was counted",
            ),
            settle=(
                "Kestrel's stock of HS 854231 on 14 Mar 2024: if it held 3,960 before, the goods need not be the same",
                "The airway bill of S-118832 (final consignee left blank)",
            ),
            records=records,
            law=("US CSL of 31 Jul 2026 (14,160 entries)", "EAR as of each shipment's day"),
        )
    )


def direct() -> Finding:
    """One hop, no quantity, no name for the sender, listed itself."""
    told = kestrel()
    return scored(
        replace(
            told,
            parties=(PartyRef("P-90ff", "P-90ff", None), PartyRef("C-777", "Mahan Parts Co", "IR")),
            item=Goods("880730", "", None),
            hops=1,
            routes=1,
            coverage=0.31,
            shipments=(("X1",),),
            first_day="2023-07-01",
            last_day="2023-07-01",
            quantity=None,
            unit=None,
            value_usd=None,
            per_hop=(Hop(None, None, None, "2023-07-01", "2023-07-01", ("880730",)),),
            restricted=Restricted(
                "C-777", "yes", "on the OFAC SDN list since 12 Oct 2011", "listed", "2011-10-12"
            ),
            contributions=(
                Contribution("strength", 2.1, "The end of the route is blocked", "31 CFR 594", ("L-1",)),
            ),
            within="R-7f3a91c04be21d58",
            search=Search(False, "time limit of 10 s"),
            happened=(
                "On 1 Jul 2023, goods (HS 880730), in a quantity that no record states, went from P-90ff "
                "(country not stated) directly to Mahan Parts Co (Iran) in 1 shipment.",
                "Restricted on those days: Mahan Parts Co, because on the OFAC SDN list since 12 Oct 2011.",
            ),
            unjudged=(),
            identity=(),
            caveats=(),
            settle=(),
            records=(
                record(
                    "X1",
                    1,
                    "",
                    "MAHAN PARTS",
                    "2023-07-01",
                    "2023-07-01",
                    quantity=None,
                    unit=None,
                    value_usd=None,
                    description=None,
                    row=None,
                ),
            ),
        )
    )


def winding() -> Finding:
    """Four hops over five countries, a jump, a relabel, a name in another script, a share known as a band."""
    told = kestrel()
    names = (
        "Cascade Semiconductor Inc",
        "Lion Rock Components Ltd",
        "Lion Rock Logistics (HK) Ltd",
        "Анадолу Дыш Тиджарет AŞ",
        "深圳市华强科技有限公司",
        "ТОО Степь Импорт",
    )
    lands = ("US", "HK", "HK", "TR", "CN", "KZ")
    parties = tuple(PartyRef(f"W-{i}", n, c) for i, (n, c) in enumerate(zip(names, lands, strict=True)))
    sends = ((0, 1), (2, 3), (3, 4), (4, 5))
    months = (
        ("2022-11-02", "2022-11-09"),
        ("2022-12-01", "2022-12-20"),
        ("2023-02-03", "2023-02-18"),
        ("2023-03-05", "2023-03-30"),
    )
    rows = tuple(
        record(
            f"W{hop}-{k}",
            hop,
            names[a],
            names[b],
            out,
            back,
            quantity=float(700 - 90 * hop + k),
            row=hop * 10 + k,
        )
        for hop, ((a, b), (out, back)) in enumerate(zip(sends, months, strict=True), start=1)
        for k in range(hop)
    )
    hops = tuple(
        Hop(900.0 - 80 * i, "pieces", 220_000.0 + 40_000 * i, *months[i], ("854232" if i < 2 else "854239",))
        for i in range(4)
    )
    return scored(
        replace(
            told,
            parties=parties,
            item=Goods("854232", "Memories", "1"),
            hops=4,
            routes=24,
            per_hop=hops,
            shipments=tuple(tuple(r.shipment for r in rows if r.hop == h) for h in (1, 2, 3, 4)),
            records=rows,
            first_day="2022-11-02",
            last_day="2023-03-30",
            quantity=660.0,
            value_usd=340_000.0,
            breaks=(
                Break(2, "owner", "both are owned by Lion Rock Holdings (100 % and 75 %)"),
                Break(3, "relabel", "HS 854232 arrived, HS 854239 left, from the same party"),
            ),
            restricted=Restricted(
                "W-5",
                "undetermined",
                "AO Zarya, an SDN, holds 25–50 % of it",
                "ofac-50",
                "2022-06-28",
                (
                    Holding(
                        "АО Заря", "Steppe Holding BV", 60.0, 60.0, "2019-01-01", None, "registry.csv row 4"
                    ),
                    Holding(
                        "Steppe Holding BV", "ТОО Степь Импорт", 25.0, 50.0, None, None, "registry.csv row 9"
                    ),
                    Holding(
                        "ZAO Ural Trust",
                        "ТОО Степь Импорт",
                        25.0,
                        50.0,
                        "2020-03-01",
                        "2024-01-01",
                        "registry.csv row 10",
                    ),
                ),
                0.87,
            ),
            happened=(
                "Between 2 Nov 2022 and 30 Mar 2023, 900 pieces of Memories (HS 854232, CHPL tier 1), worth "
                "US$220,000, went from Cascade Semiconductor Inc (United States) to Lion Rock Components Ltd (Hong "
                "Kong) in 1 shipment.",
                "Lion Rock Logistics (HK) Ltd has the same owner as Lion Rock Components Ltd: within 22 days (median) "
                "820 of the same went from it to Анадолу Дыш Тиджарет AŞ [Anadolu Dysh Tidzharet AS] (Türkiye) in 2 "
                "shipments.",
                "Within 45 days (median) 740 goods declared as HS 854239 went on to 深圳市华强科技有限公司 "
                "[ShenZhenShiHuaQiangKeJiYouXianGongSi] (China) in 3 shipments.",
                "Whether ТОО Степь Импорт [TOO Step Import] was restricted on those days is undetermined.",
            ),
            caveats=(*told.caveats, "Amounts: 1 of 10 shipments states no value"),
        )
    )


def low() -> Finding:
    """More against than for."""
    told = kestrel()
    flipped = tuple(
        replace(c, points=-abs(c.points) / 2 if i else 1.2) for i, c in enumerate(told.contributions)
    )
    parties = (*told.parties[:1], PartyRef("C-201", "Marmara Elektronik", "TR"), told.parties[2])
    return scored(replace(told, parties=parties, contributions=flipped))


def hostile() -> Finding:
    """Names that would run, count or turn the page, in every place a file can reach."""
    told = kestrel()
    evil = HOSTILE
    parties = tuple(PartyRef(f"{p.id}{evil[i]}", evil[i], p.country) for i, p in enumerate(told.parties))
    records = tuple(
        replace(
            r,
            shipment=f"{r.shipment}{evil[i % 6]}",
            sender=evil[i % 6],
            receiver=evil[(i + 1) % 6],
            file=evil[(i + 2) % 6],
            sheet=evil[(i + 3) % 6],
            description=evil[(i + 4) % 6],
            unit=evil[1],
        )
        for i, r in enumerate(told.records)
    )
    said = tuple(" ".join(evil[i:]) for i in range(6))
    proof = (
        Holding(evil[0], evil[1], 62.0, 62.0, "2024-02-01", None, evil[4]),
        Holding(evil[3], evil[1], 10.0, 20.0, None, None, evil[5]),
    )
    return scored(
        replace(
            told,
            parties=parties,
            records=records,
            item=Goods("854231", evil[0] + evil[4], evil[1]),
            restricted=replace(told.restricted, reason=evil[0] + evil[1], rule=evil[5], proof=proof),
            contributions=tuple(
                replace(c, factor=f"{c.factor}{evil[0]}", detail=evil[i % 6], source=evil[(i + 1) % 6])
                for i, c in enumerate(told.contributions)
            ),
            unjudged=tuple(Unjudged(evil[0], text) for text in evil),
            happened=said,
            identity=said,
            caveats=said,
            settle=said,
            law=said,
            breaks=(Break(2, "owner", evil[1]),),
            within=evil[1],
            search=Search(False, evil[0]),
        )
    )


def findings() -> tuple[Finding, ...]:
    """All of them, best first."""
    every = [kestrel(), direct(), winding(), low()]
    return tuple(sorted(every, key=lambda f: (-f.score, f.route_id)))


def summary() -> dict[str, Any]:
    return {
        "run_id": "run-5be1d0c2f3a49786",
        "as_of": "2024-06-30",
        "known_at": None,
        "policy": {"name": "us", "version": "2026.11", "digest": "9f86d081884c7d65"},
        "transfers": 30412,
        "parties": 2214,
        "restricted_parties": 61,
        "walks": [
            {"hops": 1, "count": 624, "exact": True},
            {"hops": 2, "count": 18_231, "exact": True},
            {"hops": 3, "count": 402_118, "exact": True},
            {"hops": 4, "count": 9_120_004, "exact": True},
            {"hops": 5, "count": 10**20, "exact": False},
        ],
        "corridors": 214,
        "search": {"exact": True, "truncated_by": None, "examined": 1940},
        "manifest": {
            "version": "0.1.0",
            "data": "ab12",
            "policy": "9f86",
            "as_of": "2024-06-30",
            "options": {
                "hops": 5,
                "dwell": 180,
                "dwell_min": 0,
                "relations": "all",
                "origins": [],
                "ends": [],
                "top": 1000,
            },
        },
        "seconds": {"project": 0.41, "sweep": 0.08, "corridors": 0.3, "score": 0.5, "total": 1.29},
    }


def data(chosen: tuple[Finding, ...] | None = None, **more: Any) -> ReportData:
    chosen = findings() if chosen is None else chosen
    return ReportData(
        findings=chosen,
        summary=summary(),
        sources=(
            SourceRow("shipments.csv", None, "shipments", 30_450, 30_412, 12, 26, None, None, "2026-11-20"),
            SourceRow("parties.csv", None, "parties", 2_214, 2_214, 0, 0, None, None, "2026-11-20"),
            SourceRow(
                "customs_ae_2024.xlsx",
                "Export",
                "shipments",
                900,
                880,
                0,
                20,
                None,
                "2024-07-02",
                "2026-11-20",
            ),
            SourceRow(
                "consolidated.csv", None, "us_csl", 14_160, 14_160, 0, 0, "2026-07-31", None, "2026-11-20"
            ),
        ),
        lists=(ListVersion("us_csl", "2026-07-31", "2026-07-28", 14_160, 11_637),),
        passages=(
            Passage("C-200", "Kestrel Trading FZE", "AE", 2, 98.2, 3_100_000.0, 18_400.0),
            Passage("W-3", "Анадолу Дыш Тиджарет AŞ", "TR", 1, 71.0, 340_000.0, 311.0),
        ),
        **more,
    )
