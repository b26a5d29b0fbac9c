"""Packs of a user's own: laid over, extended, taken out, and every fault of a broken one named."""

from __future__ import annotations

import itertools
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversion.errors import PolicyError
from diversion.policy.audit import audit
from diversion.policy.check import faults
from diversion.policy.compare import days, policies
from diversion.policy.digest import digest
from diversion.policy.policy import load
from diversion.policy.read import parsed
from diversion.policy.values import SCALES, off_scale

LAW = 'source = "ours"\nstatus = "stated"\n'


def rule(table: str, body: str, law: str = LAW) -> str:
    return f"[[{table}]]\n{body}\n{law}"


def written(folder: Path, text: str, name: str = "pack.toml") -> Path:
    place = folder / name
    place.write_text(text, encoding="utf-8")
    return place


SET = 'name = "s"\ncountries = ["DE"]'
PERIOD = (
    '{ threshold = 50, strict = true, aggregate = true, control = false, source = "s", status = "stated"%s }'
)
OWN = 'name = "o"\neffect = "licence"\nseeds = []\nperiods = [%s]'
TOLD = [
    # what stands in the pack, where the message points, what it says, what it advises
    (rule("setz", SET), "pack.toml", "unknown key 'setz'", "did you mean sets?"),
    (
        rule("sets", SET + '\ncountry = "DE"'),
        "sets 1 (s)",
        "unknown key 'country'",
        "did you mean countries?",
    ),
    (rule("sets", 'name = "s"\ncountries = ["UK"]'), "sets 1 (s)", "countries", "GB"),
    (rule("sets", 'name = "s"\ncountries = ["ZZ"]'), "sets 1 (s)", "countries", "'ZZ' is none"),
    (rule("sets", 'name = "s"\ncountries = ["de"]'), "sets 1 (s)", "countries", "'de' is none"),
    (rule("sets", 'name = "s"\ncountries = [1]'), "sets 1 (s)", "countries", "1 is none"),
    (rule("sets", 'name = "s"\ncountries = []'), "sets 1 (s)", "countries", "a list of countries"),
    (rule("sets", 'name = 7\ncountries = ["DE"]'), "sets 1", "name = 7 is not text", "write text"),
    (rule("sets", 'name = " "\ncountries = ["DE"]'), "sets 1", "name", "some words"),
    (rule("sets", SET, 'source = "s"'), "sets 1 (s)", "status is missing", "add status"),
    (
        rule("sets", SET, 'source = "s"\nstatus = "law"'),
        "sets 1 (s)",
        "status",
        "verified, stated, unverified",
    ),
    (
        rule("sets", SET + "\nfrom = 2024-01-02\nuntil = 2024-01-01"),
        "sets 1 (s)",
        "until 2024-01-01",
        "free day",
    ),
    (rule("sets", SET + '\nfrom = "2024-01-02"'), "sets 1 (s)", "from", "a day like"),
    (rule("sets", SET + "\nfrom = 2024-01-02T00:00:00"), "sets 1 (s)", "from", "a day like"),
    (rule("sets", SET) + rule("sets", SET), "sets 2 (s)", "two versions of 's' overlap", "until"),
    (
        rule("sets", SET + "\nuntil = 2024-01-02") + rule("sets", SET + "\nfrom = 2024-01-01"),
        "sets 2 (s)",
        "two versions of 's' overlap",
        "the day the next begins",
    ),
    (rule("goods", 'name = "g"\ncodes = [{ hs6 = "77001" }]'), "goods 1 (g), codes 1", "hs6", "six digits"),
    (
        rule("goods", 'name = "g"\ncodes = [{ hs6 = "8542.31" }]'),
        "goods 1 (g), codes 1",
        "hs6",
        "without points",
    ),
    (rule("goods", 'name = "g"\ncodes = [{ hs6 = "770010" }]'), "goods 1 (g), codes 1", "hs6", "chapters"),
    (rule("goods", 'name = "g"\ncodes = [{ hs6 = 854231 }]'), "goods 1 (g), codes 1", "hs6", "write text"),
    (rule("goods", 'name = "g"\ncodes = [{ tier = "1" }]'), "goods 1 (g), codes 1", "names no goods", "hs6"),
    (rule("goods", 'name = "g"\ncodes = [{ eccn = "3A1" }]'), "goods 1 (g), codes 1", "eccn", "3A001"),
    (
        rule("goods", 'name = "g"\ncodes = [{ hs6 = "854231" }, { hs6 = "854231" }]'),
        "goods 1 (g), codes 2",
        "'854231' stands twice",
        "take one",
    ),
    (
        rule("goods", 'name = "g"\ncodes = [{ hs6 = "854231", since = 2024-01-01 }]'),
        "goods 1 (g), codes 1",
        "the day of no version",
        "versions",
    ),
    (
        rule("ownership", OWN % (PERIOD % "" + "," + PERIOD % ""), ""),
        "periods 2",
        "overlap",
        "end one before",
    ),
    (
        rule("ownership", OWN % (PERIOD % ", threshold = 500").replace("50, s", "5, s"), ""),
        "pack.toml",
        "TOML",
        "line",
    ),
    (
        rule("ownership", OWN % (PERIOD % "").replace("50", "150"), ""),
        "periods 1",
        "threshold = 150",
        "from 0 to 100",
    ),
    (
        rule("ownership", OWN % (PERIOD % "").replace("50", "nan"), ""),
        "periods 1",
        "threshold = nan",
        "a number",
    ),
    (
        rule("ownership", OWN % (PERIOD % "").replace("= true", "= 1"), ""),
        "periods 1",
        "strict = 1",
        "true or false",
    ),
    (rule("ownership", OWN % "3", ""), "periods 1", "must be a table", "key = value"),
    (
        rule("embargoes", 'name = "e"\ncountry = "RU"\ngoods = "mine"\neffect = "licence"'),
        "embargoes (e)",
        "no list of goods is called 'mine'",
        "CHPL",
    ),
    (
        rule("programmes", 'name = "p"\nauthority = "("\nprogramme = ""\neffect = "licence"\nstrength = 1'),
        "programmes 1 (p)",
        "authority",
        "regular expression",
    ),
    (
        rule("programmes", 'name = "p"\nauthority = ""\nprogramme = ""\neffect = "ban"\nstrength = 1'),
        "programmes 1 (p)",
        "effect",
        "blocking",
    ),
    (
        rule("programmes", 'name = "p"\nauthority = ""\nprogramme = ""\neffect = "denial"\nstrength = 7'),
        "programmes 1 (p)",
        "strength",
        "from 0 to 1",
    ),
    (rule("watchlist", 'name = "w"\neffect = "denial"'), "watchlist 1 (w)", "from is missing", "a day like"),
    (
        "[thresholds.match_cutof]\nvalue = 1\nreason = 'r'\nfrom = 2024-01-01",
        "thresholds.match_cutof",
        "no",
        "did you mean match_cutoff?",
    ),
    (
        "[thresholds.match_cutoff]\nvalue = 2\nreason = 'r'",
        "thresholds.match_cutoff",
        "value = 2 is off its scale",
        "from 0 to 1",
    ),
    (
        "[thresholds.pattern_days]\nvalue = -1\nreason = 'r'",
        "thresholds.pattern_days",
        "off its scale",
        "not negative",
    ),
    ('[remove]\nsets = ["nothing"]', "remove", "sets has no rule 'nothing'", "transshipment"),
    ('[remove]\nsets = ["transshipment"]', "policy", "'transshipment' was taken out", "same name"),
    ('[remove]\ngoods = ["CHPL"]', "embargoes", "no list of goods is called 'CHPL'", "there are"),
    ('[remove]\nsetz = ["x"]', "remove", "unknown key 'setz'", "did you mean sets?"),
    (
        "[transit]\ndays_min = 9\ndays_max = 3\nsource = 's'",
        "transit",
        "days_min is above days_max",
        "exchange",
    ),
    (
        "[thresholds.match_certain]\nvalue = '1'\nreason = 'r'",
        "thresholds.match_certain",
        "value",
        "a number",
    ),
    ("thresholds = 3", "pack.toml", "must be a table", "[thresholds.NAME]"),
    ("sets = 3", "pack.toml", "must be an array of tables", "[[sets]]"),
    ("pack = 3", "pack", "must be a table", "key = value"),
    ('[pack]\nname = "x"\nversion = "1"\nextends = "b.toml"', "pack", "extends", "a list"),
    (
        rule("rates", 'name = "EUR"\nyears = { then = 1.0 }'),
        "rates EUR",
        "is no rate of a year",
        "2023 = 1.08",
    ),
    ("[[sets]\n", "pack.toml", "is not valid TOML", "correct that line"),
    ("x = " + "[" * 5000, "pack.toml", "", ""),
]


@pytest.mark.parametrize(("text", "where", "says", "advises"), TOLD, ids=range(len(TOLD)))
def test_a_broken_pack_is_told_by_file_table_and_key(
    tmp_path: Path, text: str, where: str, says: str, advises: str
) -> None:
    pack = written(tmp_path, text)
    with pytest.raises(PolicyError) as caught:
        load(pack)
    error = caught.value
    assert where in error.where and says in error.message and advises in error.hint and error.hint
    # The audit finds the same, and says where even where it says more.
    told = audit(pack).faults
    assert (error.where, error.message, error.hint) in told


def test_the_audit_tells_all_faults_at_once(tmp_path: Path) -> None:
    text = rule("sets", 'name = "a"\ncountries = ["UK"]\nfoo = 1') + rule("goods", 'name = "g"\ncodes = [{}]')
    found = audit(written(tmp_path, text)).faults
    assert [fault.where.split(", ")[1] for fault in found] == ["sets 1 (a)", "sets 1 (a)", "goods 1 (g)"]


def test_the_audit_tells_faults_of_a_pack_and_of_packs_together_at_once(tmp_path: Path) -> None:
    text = '[remove]\nsets = ["nothing"]\n[thresholds.match_certain]\nvalue = 5\n[thresholds.match_cutof]\n'
    found = audit(written(tmp_path, text + "value = 1\nreason = 'r'\n")).faults
    told = [(fault.where.split(", ")[1], fault.what.split(" is ")[0]) for fault in found]
    assert told == [
        ("thresholds.match_certain", "reason"),
        ("thresholds.match_certain", "value = 5"),
        ("remove", "sets has no rule 'nothing'"),
        ("thresholds.match_cutof", "nothing asks for a threshold of this name"),
    ]


def test_every_threshold_of_the_built_in_packs_is_on_its_scale() -> None:
    thresholds = [name for name in load().thresholds if off_scale(name, load().thresholds[name])]
    assert thresholds == [] and set(SCALES) <= set(load().thresholds)


def test_versions_of_a_rule_follow_one_another(tmp_path: Path) -> None:
    text = rule("sets", SET + "\nuntil = 2024-01-01") + rule(
        "sets", 'name="s"\ncountries=["FR"]\nfrom=2024-01-01'
    )
    policy = load(written(tmp_path, text))
    assert policy.countries("s", date(2023, 12, 31)) == {"DE"}
    assert policy.countries("s", date(2024, 1, 1)) == policy.countries("s") == {"FR"}


def test_a_pack_extends_another_and_each_file_is_read_once(tmp_path: Path) -> None:
    written(tmp_path, rule("sets", SET) + rule("sets", 'name = "t"\ncountries = ["FR"]'), "base.toml")
    head = '[pack]\nname = "x"\nversion = "1"\nextends = ["base.toml"]\n'
    top = written(tmp_path, head + rule("sets", 'name = "s"\ncountries = ["PL"]'), "a_top.toml")
    policy = load(top)
    assert policy.countries("s") == {"PL"} and policy.countries("t") == {"FR"}
    # In a folder, too, what a pack extends lies beneath it, whatever the names of the files.
    assert load(tmp_path).countries("s") == {"PL"}


def test_packs_that_extend_each_other_or_nothing_are_told(tmp_path: Path) -> None:
    for name, other in (("a.toml", "b.toml"), ("b.toml", "a.toml"), ("c.toml", "absent.toml")):
        written(tmp_path, f'[pack]\nname = "x"\nversion = "1"\nextends = ["{other}"]\n', name)
    with pytest.raises(PolicyError, match=r"a\.toml → b\.toml → a\.toml"):
        load(tmp_path / "a.toml")
    with pytest.raises(PolicyError, match=r"absent\.toml: cannot be read"):
        load(tmp_path / "c.toml")


def test_goods_of_ones_own_may_go_by_eccn_or_national_code(tmp_path: Path) -> None:
    codes = (
        '{ eccn = "3A001.a.5" }, { national = "8542319010", hs6 = "854231", tier = "A" }, { hs6 = "940360" }'
    )
    policy = load(written(tmp_path, rule("goods", f'name = "ours"\ncodes = [{codes}]')))
    assert policy.sought == load().sought | {"940360"}
    assert set(policy.codes("ours") or ()) == {"854231", "940360"}
    assert [good.eccn for good in policy.goods if good.list == "ours"] == ["3A001.a.5", None, None]
    own = policy.good("854231")
    assert own is not None and (own.list, own.tier, own.national) == ("ours", "A", "8542319010")
    assert policy.good("") is None


def test_a_rule_is_taken_out_and_the_diff_says_so(tmp_path: Path) -> None:
    text = '[remove]\nembargoes = ["EAR Cuba"]\n' + rule(
        "sets", 'name = "coalition"\ncountries = ["DE", "KW"]'
    )
    policy = load(written(tmp_path, text))
    assert "CU" not in {embargo.country for embargo in policy.embargoes}
    rows = {(row["name"], row["change"]): row["detail"] for row in policies(load(), policy)}
    assert set(rows) == {("EAR Cuba", "removed"), ("coalition", "changed")}
    assert "+ KW" in rows["coalition", "changed"] and "− FR" in rows["coalition", "changed"]
    assert policies(load(), load()) == []


def test_what_the_law_changed_between_two_days() -> None:
    policy = load()
    told = {(row["name"], row["change"]) for row in days(policy, date(2025, 9, 1), date(2025, 10, 1))}
    assert told == {("bis-affiliates", "begins"), ("EAR Syria", "changed")}
    (gone,) = [
        row for row in days(policy, date(2025, 11, 9), date(2025, 11, 10)) if row["table"] == "ownership"
    ]
    assert gone["change"] == "no longer" and gone["detail"].startswith("ended on 10 Nov 2025")
    (eu,) = [r for r in days(policy, date(2024, 7, 2), date(2024, 7, 3)) if r["name"] == "eu-ownership"]
    assert eu["change"] == "changed" and "strict: True → False" in eu["detail"]
    assert days(policy, date(2026, 1, 1), date(2026, 1, 1)) == []


BASE = rule("sets", 'name = "s"\ncountries = ["DE", "FR"]\ntitle = "t"') + rule(
    "goods", 'name = "g"\ncodes = [{ hs6 = "940360" }, { hs6 = "841182", tier = "A" }]'
)


@pytest.mark.parametrize(
    "same",
    [
        "# a remark\n" + BASE,
        BASE.replace(" = ", "   =  ").replace("\n", "\r\n"),
        BASE.replace('["DE", "FR"]', '[\n"FR", # one\n"DE",\n]'),
        BASE.replace('{ hs6 = "841182", tier = "A" }', '{ tier = "A", hs6 = "841182" }'),
        BASE.replace('name = "g"', 'sought = true\nname = "g"'),
        "\ufeff" + BASE,
    ],
)
def test_layout_leaves_the_digest_as_it_is(tmp_path: Path, same: str) -> None:
    assert load(written(tmp_path, same)).digest == load(written(tmp_path, BASE, "base.toml")).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"FR"', '"PL"'),
        ('title = "t"', 'title = "u"'),
        ('tier = "A"', 'tier = "B"'),
        ('name = "g"', 'sought = false\nname = "g"'),
        ('name = "s"', 'from = 2020-01-01\nname = "s"'),
        ('status = "stated"', 'status = "verify"'),
    ],
)
def test_content_changes_the_digest(tmp_path: Path, old: str, new: str) -> None:
    assert old in BASE
    changed = load(written(tmp_path, BASE.replace(old, new, 1))).digest
    assert changed not in {load(written(tmp_path, BASE)).digest, load().digest}


@given(st.permutations(["a", "b", "c"]), st.permutations(["DE", "FR", "PL"]))
def test_order_counts_only_where_the_first_that_fits_counts(names: list[str], countries: list[str]) -> None:
    sets = {name: [{"countries": countries}] for name in names}
    usual = {name: [{"countries": ["DE", "FR", "PL"]}] for name in "abc"}
    assert digest({"sets": sets}) == digest({"sets": usual})
    same = digest({"programmes": dict.fromkeys(names, 1)}) == digest({"programmes": dict.fromkeys("abc", 1)})
    assert same == (names == ["a", "b", "c"])


VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
TABLE = st.sampled_from(
    ["sets", "goods", "ownership", "programmes", "regimes", "pack", "remove", "thresholds", "x"]
)
ROW = st.dictionaries(
    st.sampled_from(
        ["name", "codes", "countries", "from", "until", "periods", "status", "source", "entries"]
    ),
    VALUE,
)


@given(st.dictionaries(TABLE, VALUE | st.lists(ROW, max_size=3)))
def test_no_pack_however_broken_ends_in_anything_but_faults(raw: dict[str, object]) -> None:
    found = list(faults("pack.toml", raw))
    assert all(fault.where and fault.what and fault.hint for fault in found)


def test_a_text_is_parsed_or_refused_and_nothing_else(tmp_path: Path) -> None:
    for text in ("", "a = 1", "[pack]\n", "\x00", "a.b.c.d = 1", "[" * 3000 + "]" * 3000):
        try:
            assert isinstance(parsed("x", text), dict)
        except PolicyError as error:
            assert error.hint
    json.dumps(list(itertools.islice((fault.where for fault in audit(tmp_path / "none")[0]), 3)))


def test_the_example_of_the_manual_is_a_valid_pack(tmp_path: Path) -> None:
    from importlib.resources import files

    manual = (files("diversion.policy") / "packs" / "README.md").read_text(encoding="utf-8")
    example = manual.split("```toml\n")[1].split("```")[0]
    policy = load(written(tmp_path, example))
    assert [one.name for one in policy.watchlist] == ["Heron Valves LLC"] and "841182" in policy.sought
