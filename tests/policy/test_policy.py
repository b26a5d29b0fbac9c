"""The policy: built-in law against real data, packs laid over it, faults named."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from diversion.errors import PolicyError
from diversion.policy.goods import renamed
from diversion.policy.model import OlderCode
from diversion.policy.policy import load

MINE = """
[pack]
name = "mine"
version = "1"

[[goods]]
name = "house list"
source = "our own"
status = "stated"
codes = [{ hs6 = "841182", tier = "A", description = "gas turbines" }]

[[sets]]
name = "coalition"
countries = ["DE", "FR"]
source = "our own"
status = "stated"

[thresholds.match_certain]
value = 0.95
reason = "our own"
"""

LAW = "source='s'\nstatus='stated'\n"


def test_the_goods_are_the_fifty_of_the_common_high_priority_list(shared_data: Path) -> None:
    with (shared_data / "trade/chpl/chpl_50.csv").open(encoding="utf-8") as file:
        real = {row["hs6"]: row["tier"] for row in csv.DictReader(file)}
    policy = load()
    assert {good.hs6: good.tier for good in policy.goods} == real
    assert policy.sought == set(real)
    assert all(good.from_day == date(2024, 2, 23) and good.description for good in policy.goods)


def test_country_groups_are_as_many_as_the_regulation_has(shared_data: Path) -> None:
    groups = json.loads((shared_data / "trade/ear/country-groups.json").read_text(encoding="utf-8"))["groups"]
    policy = load()
    for name in ("A:1", "A:5", "B", "D:1", "D:5", "E:1", "E:2"):
        assert len(policy.sets[name].countries - {"HK"}) == len(groups[name]), name
    for name in ("D:1", "D:5"):
        assert {"CN", "HK"} <= policy.sets[name].countries
    assert "MO" in policy.sets["D:1"].countries and "MO" not in policy.sets["D:5"].countries
    assert {"AE", "TR"} <= policy.sets["A:5"].countries & policy.sets["transshipment"].countries
    assert len(policy.sets["transshipment"].countries) == 18


@pytest.mark.parametrize(
    ("authority", "programme", "effect"),
    [
        ("US OFAC", "SDN", "blocking"),
        ("US OFAC", "RUSSIA-EO14024", "blocking"),
        ("US OFAC", "SSI", "sectoral"),
        ("US OFAC", "Sectoral Sanctions Identifications List (SSI) - Treasury Department", "sectoral"),
        ("US BIS", "Entity List", "licence"),
        ("US BIS", "Denied Persons", "denial"),
        ("US BIS", "Unverified", "statement"),
        ("US BIS", "Military End User", "licence"),
        ("US State", "ITAR Debarred", "denial"),
        ("EU", None, "blocking"),
        ("UK", "Russia", "blocking"),
        ("US OFAC", "US OFAC Consolidated (non-SDN) List", "sectoral"),
        (
            "US OFAC",
            "US OFAC Consolidated (non-SDN) List; US OFAC Specially Designated (SDN) List",
            "blocking",
        ),
        ("EU", "UKR; 269/2014", "blocking"),
        ("EU", "UKR; 833/2014", "licence"),
        ("UK", "Travel Ban; Asset freeze", "blocking"),
        ("UK", "Travel Ban", "statement"),
        ("UK", "Director Disqualification Sanction", "statement"),
        ("UK", "Trust Services Sanctions; Travel Ban", "sectoral"),
        ("UK", "Prohibition of port entry", "sectoral"),
        ("UK", "Targeted Arms Embargo; Travel Ban", "licence"),
        ("UN", None, "blocking"),
        ("UN", "Al-Qaida", "blocking"),
        ("UN", "GB", "statement"),
        ("UN", "Libya (Travel Ban)", "statement"),
        ("UN", "Libya (Travel Ban, Asset Freeze)", "blocking"),
        ("UN", "Yemen (targeted arms embargo)", "licence"),
        ("OpenSanctions", "EU Financial Sanctions Files (FSF); Wikidata", "blocking"),
        ("Atlantis", None, "licence"),
    ],
)
def test_what_a_list_means(authority: str, programme: str | None, effect: str) -> None:
    found = load().programme(authority, programme)
    assert found is not None and found.effect == effect


@pytest.mark.parametrize(
    ("rule", "day", "threshold", "strict", "status"),
    [
        ("ofac-50", date(2020, 1, 1), 50, False, "verified"),
        ("bis-affiliates", date(2025, 9, 28), None, None, None),
        ("bis-affiliates", date(2025, 9, 29), 50, False, "verified"),
        ("bis-affiliates", date(2025, 11, 9), 50, False, "verified"),
        ("bis-affiliates", date(2025, 11, 10), None, None, None),
        ("bis-affiliates", date(2026, 11, 10), 50, False, "verify"),
        ("eu-ownership", date(2024, 7, 2), 50, True, "unverified"),
        ("eu-ownership", date(2024, 7, 3), 50, False, "verified"),
        ("uk-ownership-control", date(2024, 1, 1), 50, True, "verified"),
    ],
)
def test_each_regime_has_its_own_days(
    rule: str, day: date, threshold: float | None, strict: bool | None, status: str | None
) -> None:
    found = load().rule(rule)
    assert found is not None
    period = found.on(day)
    if threshold is None:
        assert period is None
    else:
        assert period is not None
        assert (period.threshold, period.strict, period.status) == (threshold, strict, status)


def test_every_rule_has_a_source() -> None:
    policy = load()
    assert all(good.source for good in policy.goods)
    assert all(group.source for group in policy.sets.values())
    assert all(embargo.source for embargo in policy.embargoes)
    assert all(control.source for control in policy.controls)
    assert all(programme.source for programme in policy.programmes)
    assert all(period.source for rule in policy.ownership for period in rule.periods)
    assert all(threshold.reason for layers in policy.numbers.values() for threshold in layers)


def test_a_dated_threshold_holds_on_its_days_and_the_one_beneath_on_the_others(tmp_path: Path) -> None:
    text = (
        '[pack]\nname = "mine"\nversion = "1"\n[thresholds.match_certain]\nvalue = 0.5\n'
        'reason = "a busy year"\nfrom = 2024-01-01\nuntil = 2025-01-01\n'
    )
    (tmp_path / "mine.toml").write_text(text, encoding="utf-8")
    mine, base = load(tmp_path / "mine.toml"), load().thresholds["match_certain"]
    days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]
    assert [mine.on(day).thresholds["match_certain"] for day in days] == [base, 0.5, 0.5, base]
    assert mine.thresholds["match_certain"] == base
    assert mine.on(days[1]).digest == mine.digest != load().digest
    assert load().on(days[0]) is load()


def test_two_codes_that_became_one_are_no_one_item_of_trade() -> None:
    known = [
        OlderCode("2017", old, new, True, "WCO", "verified")
        for old, new in (("880330", ("880730",)), ("850610", ("850600",)), ("850630", ("850600",)))
    ]
    assert renamed(known) == {"880330": "880730"}


def test_a_pack_of_ones_own_wins_by_name_and_leaves_the_rest(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(MINE, encoding="utf-8")
    mine, base = load(tmp_path / "mine.toml"), load()
    assert mine.sets["coalition"].countries == {"DE", "FR"}
    assert mine.sought == base.sought | {"841182"}
    assert mine.thresholds["match_certain"] == 0.95
    assert mine.thresholds["match_cutoff"] == base.thresholds["match_cutoff"]
    assert (mine.name, mine.version) == ("diversion+mine", f"{base.version}+1")
    assert mine.digest != base.digest
    assert load(tmp_path).digest == mine.digest


def test_the_digest_is_one_of_content_not_of_layout(tmp_path: Path) -> None:
    first, second = tmp_path / "a.toml", tmp_path / "b.toml"
    first.write_text(MINE, encoding="utf-8")
    second.write_text("# a remark\n" + MINE.replace(" = ", "  =  "), encoding="utf-8")
    assert load(first).digest == load(second).digest


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[goods]\n", "TOML"),
        ("[[good]]\nname = 'x'\n", "unknown key 'good'"),
        ("[goods]\nname = 'x'\n", "array of tables"),
        (MINE.replace('"841182"', '"84.11"'), "hs6"),
        (MINE.replace('["DE", "FR"]', '["Germany"]'), "countries"),
        (MINE.replace('["DE", "FR"]', '"DE"'), "countries"),
        (MINE.replace('source = "our own"\nstatus', "status"), "source is missing"),
        (MINE.replace('status = "stated"', 'status = "maybe"'), "status"),
        (MINE.replace("value = 0.95", 'value = "high"'), "value"),
        (MINE.replace("value = 0.95", "value = true"), "value"),
        (
            MINE + "\n[[sets]]\nname='x'\nfrom=2024-01-02\nuntil=2024-01-02\ncountries=['DE']\n" + LAW,
            "until",
        ),
        (
            MINE + "\n[[embargoes]]\nname='x'\ncountry='RU'\ngoods='nothing'\neffect='licence'\n" + LAW,
            "nothing",
        ),
        (
            MINE
            + "\n[[programmes]]\nname='x'\nauthority='('\nprogramme=''\n"
            + "effect='licence'\nstrength=1\nsource='s'\n",
            "authority",
        ),
        (MINE.replace('name = "coalition"', 'name = "x"\nfoo = 1'), "foo"),
        ("sets = [1]\n", "must be a table"),
    ],
)
def test_a_fault_names_the_file_the_key_and_what_to_do(tmp_path: Path, text: str, says: str) -> None:
    pack = tmp_path / "faulty.toml"
    pack.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        load(pack)
    assert says in str(caught.value)
    assert caught.value.hint
    if "nothing" not in says:
        assert "faulty.toml" in str(caught.value)


def test_a_pack_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "empty").mkdir()
    for place in (tmp_path / "absent.toml", tmp_path / "binary.toml", tmp_path / "empty"):
        with pytest.raises(PolicyError, match=place.name):
            load(place)


@pytest.mark.parametrize(
    ("key", "passes_nothing_on"),
    [
        ("sberbank|jsc", True),
        ("bank of china|ltd", True),
        ("to the order of kestrel", True),
        ("unknown", True),
        ("banking software|llc", False),
        ("kestrel trading|fze", False),
        ("unknown pleasures|ltd", False),
    ],
)
def test_consignees_that_pass_nothing_on(key: str, passes_nothing_on: bool) -> None:
    assert load().not_passing.fits(key) is passes_nothing_on
