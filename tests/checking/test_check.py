"""`diversion check`: its shape, its rules, its words, and that it writes nothing."""

from __future__ import annotations

import io
import json
import math
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import diversion as dv
from diversion.errors import BadInput
from tests.case import LISTINGS, Ran, run, write_case
from tests.ingest.messages import MT700

HEAD = (
    "shipment_id,departed_on,arrived_on,exporter,exporter_country,consignee,consignee_country,hs_code,"
    "quantity,unit,end_user,end_user_country,bank,notify_party\n"
)
PARTIES = """\
party_id,name,country,identifier
KZ-1,Volga Instruments,KZ,kz-reg:55512345
AE-1,Kestrel Trading FZE,AE,
TR-7,Anadolu Makine,TR,tr-vkn:777
"""
OTHERS = """\
name,authority,programme,effect,listed_on,removed_on,country,identifier
Severny Optics Plant,US BIS,Unverified List,,2021-02-03,,KZ,
Bright Harbour Logistics,US OFAC,SDN,,2019-01-01,2020-01-01,HK,
Kuzbass Kvartz Pribor,US OFAC,SDN,,2019-01-01,,RU,INN:7701234560
Kuzbass Kvartz Bank,US OFAC,SDN,,2019-01-01,,KG,
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("check")
    (folder / "parties.csv").write_text(PARTIES, encoding="utf-8")
    (folder / "others.csv").write_text(OTHERS, encoding="utf-8")
    files = [*write_case(folder), folder / "parties.csv", folder / "others.csv"]
    ran = run("ingest", *files, "--store", folder / "case.duckdb", "--format", "json")
    assert ran.code == 0, ran.err
    return folder / "case.duckdb"


def asked(folder: Path, store: Path, rows: str, *more: object) -> Ran:
    (folder / "new.csv").write_text(HEAD + rows, encoding="utf-8")
    return run("check", folder / "new.csv", "--store", store, "--format", "json", *more)


def one(folder: Path, store: Path, row: str, *more: object) -> dict[str, Any]:
    ran = asked(folder, store, row, *more)
    assert ran.code == 0, ran.err
    (told,) = ran.json
    return dict(told)


NORDIC = "N-1,2023-04-01,2023-04-05,Nordic Radian AG,CH,"
CLEAR = NORDIC + "Honest Buyer Ltd,GB,854231,10,pieces,,,,\n"
ONWARD = "N-1,2023-03-15,2023-03-18,Kestrel Trading FZE,AE,Volga Instruments,KZ,854231,10,pieces,,,,\n"


def test_one_object_a_shipment_in_the_order_of_the_file(tmp_path: Path, store: Path) -> None:
    ran = asked(tmp_path, store, ONWARD + CLEAR.replace("N-1", "N-0"))
    assert ran.code == 0
    assert [told["shipment_id"] for told in ran.json] == ["N-1", "N-0"]
    assert [told["verdict"] for told in ran.json] == ["stop", "clear"]
    fields = {"shipment_id", "verdict", "score", "screening", "routes", "contributions"}
    for told in ran.json:
        assert fields | {"reasons", "passed_on", "parties", "searched", "note"} <= set(told)
    stop = ran.json[0]
    hit = stop["screening"][0]
    assert {"listing_id", "party_id", "name", "matched", "score", "list", "programme", "listed_on"} <= set(
        hit
    )
    assert {"explanation", "role", "asked"} <= set(hit) and hit["role"] == "consignee"
    (short, long) = sorted(stop["routes"], key=lambda route: route["hops"])
    assert (short["hops"], short["shipments"]) == (1, [["S-4", "N-1", "S-3"]])
    assert (long["hops"], long["shipments"]) == (2, [["S-1", "S-2"], ["N-1", "S-3"]])
    assert {"route_id", "band", "coverage", "breaks", "restricted", "within", "search"} <= set(long)
    assert stop["score"] == max(route["score"] for route in stop["routes"])
    best = stop["routes"][0]
    total = best["base"] + sum(part["points"] for part in stop["contributions"])
    assert math.isclose(stop["score"], 100 / (1 + math.exp(-total)), rel_tol=1e-12)
    assert run("check", tmp_path / "new.csv", "--store", store, "--format", "jsonl").out.count("\n") == 2


def test_clear_names_what_was_looked_in_and_is_never_called_safe(tmp_path: Path, store: Path) -> None:
    told = one(tmp_path, store, CLEAR)
    assert told["verdict"] == "clear" and told["score"] == 0 and told["routes"] == [] == told["reasons"]
    (listed,) = told["searched"]["lists"]
    assert listed["entries"] == 5 and listed["published"] is None and listed["newest"]
    assert told["searched"]["records"] == {"transfers": 5, "until": "2023-04-08", "known_at": None}
    assert "listings" in told["note"] and "5 transfers" in told["note"] and "no clearance" in told["note"]
    for form in ("table", "csv", "json"):
        ran = run("check", tmp_path / "new.csv", "--store", store, "--format", form)
        text = (ran.out + ran.err).casefold()
        assert "clear" in text and "no clearance" in text
        assert not any(word in text for word in ("safe", "approved", "cleared", "harmless"))


@pytest.mark.parametrize(
    ("row", "verdict", "kind"),
    [
        # The consignee is listed, whatever the goods, even without a code.
        (NORDIC + "Volga Instruments,KZ,640399,10,pieces,,,,\n", "stop", "restricted"),
        (NORDIC + "Volga Instruments,KZ,,10,pieces,,,,\n", "stop", "restricted"),
        # Any role counts: declared end user, bank, notify party.
        (NORDIC + "Honest Buyer Ltd,GB,854231,10,pieces,Volga Instruments,KZ,,\n", "stop", "restricted"),
        (NORDIC + "Honest Buyer Ltd,GB,640399,10,pieces,,,,Kuzbass Kvartz Pribor\n", "stop", "restricted"),
        # A licence is needed to where the goods go, for these goods alone.
        (NORDIC + "Neva Buyer OOO,RU,854231,10,pieces,,,,\n", "stop", "restricted"),
        (NORDIC + "Neva Buyer OOO,RU,640399,10,pieces,,,,\n", "clear", ""),
        (NORDIC + "Neva Buyer OOO,RU,,10,pieces,,,,\n", "review", "undetermined"),
        # A list that asks for a statement bars nothing.
        (NORDIC + "Severny Optics Plant,KZ,640399,10,pieces,,,,\n", "review", "lesser"),
        # A name that is only like one.
        (NORDIC + "Volga Instrumants,UZ,640399,10,pieces,,,,\n", "review", "name"),
        # An entry that had ended says nothing.
        (NORDIC + "Bright Harbour Logistics,HK,640399,10,pieces,,,,\n", "clear", ""),
        # Goods of this heading went on from there to a restricted party before.
        (NORDIC + "Kestrel Trading FZE,AE,854231,10,pieces,,,,\n", "review", "passed on"),
        (NORDIC + "Kestrel Trading FZE,AE,640399,10,pieces,,,,\n", "clear", ""),
    ],
)
def test_verdicts_follow_the_rules(tmp_path: Path, store: Path, row: str, verdict: str, kind: str) -> None:
    told = one(tmp_path, store, row)
    assert (told["verdict"], {reason["verdict"] for reason in told["reasons"]} or {"clear"}) == (
        verdict,
        {verdict} | {reason["verdict"] for reason in told["reasons"]},
    )
    assert (kind in {reason["kind"] for reason in told["reasons"]}) == bool(kind), told["reasons"]
    gravest = {reason["kind"] for reason in told["reasons"] if reason["verdict"] == verdict}
    assert not kind or kind in gravest


def test_a_shipment_that_completes_a_route_is_reviewed(tmp_path: Path, store: Path) -> None:
    told = one(
        tmp_path,
        store,
        "N-1,2023-03-05,2023-03-07,Nordic Radian AG,CH,Kestrel Trading FZE,AE,854231,10,pieces,,,,\n",
    )
    assert told["verdict"] == "review" and told["score"] > 0
    assert [route["shipments"] for route in told["routes"]] == [[["S-1", "S-2", "N-1"], ["S-3"]]]
    assert told["routes"][0]["routes"] == 3
    assert any(reason["kind"] == "route" and "Kestrel" in reason["detail"] for reason in told["reasons"])


def test_rows_together_make_a_route_that_is_told_with_the_last(tmp_path: Path, store: Path) -> None:
    first = "A-1,2023-05-01,2023-05-03,Nordic Radian AG,CH,Quiet Hub DMCC,AE,854231,10,pieces,,,,\n"
    then = "A-2,2023-05-09,2023-05-12,Quiet Hub DMCC,AE,Volga Instruments,KZ,854231,10,pieces,,,,\n"
    one_way = asked(tmp_path, store, first + then).json
    assert [told["verdict"] for told in one_way] == ["clear", "stop"]
    assert {"A-1", "A-2"} <= {i for r in one_way[1]["routes"] for hop in r["shipments"] for i in hop}
    other = asked(tmp_path, store, then + first).json
    assert [len(told["routes"]) for told in other] == [1, 1]
    assert other[1]["routes"][0]["shipments"] == [["A-1"], ["A-2"]]
    assert other[1]["verdict"] == "review"


def test_an_equal_number_stops_whatever_the_name(tmp_path: Path, store: Path) -> None:
    head = HEAD.strip() + ",consignee_identifier\n"
    row = NORDIC + "Sunny Bakery,GB,640399,10,pieces,,,,,INN:7701234560\n"
    (tmp_path / "n.csv").write_text(head + row, encoding="utf-8")
    (told,) = run("check", tmp_path / "n.csv", "--store", store, "--format", "json").json
    assert told["verdict"] == "stop"
    assert "Kuzbass" in json.dumps(told["reasons"])


def test_rows_that_cannot_be_read_are_named_and_never_pass(tmp_path: Path, store: Path) -> None:
    bad = CLEAR.replace("2023-04-01", "2023-13-41")
    ran = asked(tmp_path, store, bad + CLEAR.replace("N-1", "N-2"))
    assert ran.code == 3 and [told["shipment_id"] for told in ran.json] == ["N-2"]
    assert "row 2" in ran.err and "departed_on" in ran.err and "not checked" in ran.err
    (tmp_path / "lists.csv").write_text(OTHERS, encoding="utf-8")
    refused = run("check", tmp_path / "lists.csv", "--store", store, "--format", "json")
    assert refused.code == 3 and refused.json == [] and "neither shipments nor payments" in refused.err
    with (
        pytest.raises(BadInput, match=r"row 1: departed_on"),
        dv.open_store(str(store), read_only=True) as held,
    ):
        dv.check(held, [{"exporter": "A", "consignee": "B", "departed_on": "13.13.2023"}])


@pytest.mark.parametrize(
    "fault",
    [
        {"consignee_country": "Utopia"},
        {"end_user": "Some Buyer", "end_user_country": "Utopia"},
        {"consignee": ""},
        {"exporter": None},
        {"quantity": "many"},
        {"unit": "parsecs"},
        {"value": "3", "currency": "shells"},
        {"hs_code": "chips"},
        {"departed_on": "yesterday"},
        {"departed_on": "1066-10-14"},
    ],
)
def test_a_row_of_a_program_that_is_rejected_has_no_verdict(store: Path, fault: dict[str, Any]) -> None:
    good = {"exporter": "Honest Maker AG", "consignee": "Tverskoy Modul", "consignee_country": "GB"}
    good |= {"hs_code": "854231", "departed_on": "2023-04-01"}
    with dv.open_store(str(store), read_only=True) as held:
        report, found = dv.checker(held).rows([good | fault, good])
    assert (report.rejected, report.loaded, [one.row for one in report.rejects]) == (1, 1, [1])
    assert [(told["row"], len(told["parties"])) for told in found] == [(2, 2)]


def test_exit_codes(tmp_path: Path, store: Path) -> None:
    assert asked(tmp_path, store, CLEAR, "--fail-on", 1).code == 0
    assert asked(tmp_path, store, ONWARD, "--fail-on", 100).code == 10
    assert asked(tmp_path, store, CLEAR, "--hops", 9).code == 2
    assert asked(tmp_path, store, CLEAR, "--cutoff", 2).code == 2
    assert run("check", tmp_path / "none.csv", "--store", store).code == 3
    assert run("check", tmp_path / "new.csv", "--store", tmp_path / "no.duckdb").code == 3


def test_a_plan_may_lie_ahead_or_state_no_day(tmp_path: Path, store: Path) -> None:
    from datetime import date, timedelta

    ahead = (date.today() + timedelta(days=60)).isoformat()
    told = one(tmp_path, store, CLEAR.replace("2023-04-01,2023-04-05", f"{ahead},"))
    assert told["day"] == ahead
    head = "shipment_id,exporter,exporter_country,consignee,consignee_country,hs_code"
    text = f"{head}\nN-3,A,CH,Volga Instruments,KZ,854231\n"
    (tmp_path / "dayless.csv").write_text(text, encoding="utf-8")
    ran = run("check", tmp_path / "dayless.csv", "--store", store, "--format", "json")
    assert ran.code == 0 and ran.json[0]["day"] == date.today().isoformat()
    assert ran.json[0]["verdict"] == "stop" and "states no days" in ran.err


def test_lists_alone_are_enough_to_screen(tmp_path: Path) -> None:
    place = tmp_path / "lists.duckdb"
    (tmp_path / "lists.csv").write_text(LISTINGS, encoding="utf-8")
    assert run("ingest", tmp_path / "lists.csv", "--store", place).code == 0
    orders = CLEAR.replace("Honest Buyer Ltd", "TO ORDER").replace("N-1", "N-2")
    listed = NORDIC.replace("N-1", "N-3") + "Volga Instruments,KZ,854231,10,pieces,,,,\n"
    told = asked(tmp_path, place, CLEAR + orders + listed).json
    assert [one["verdict"] for one in told] == ["clear", "clear", "stop"]
    assert told[1]["searched"]["routes"]["not_searched"] and "no route was looked for" in told[1]["note"]
    assert "0 transfers on record;" in told[1]["note"]
    assert [one["party_id"] for one in told[2]["reasons"] if one["kind"] == "restricted"]


def test_nothing_is_written(tmp_path: Path, store: Path) -> None:
    def state() -> dict[str, str]:
        return {
            file.name: sha256(file.read_bytes()).hexdigest()
            for file in sorted(store.parent.rglob("*"))
            if file.is_file()
        }

    before = state()
    assert asked(tmp_path, store, ONWARD + CLEAR.replace("N-1", "N-2")).code == 0
    assert state() == before
    assert run("doctor", "--store", store).code == 0


def test_hostile_names_stay_words(tmp_path: Path, store: Path) -> None:
    name = '"=HYPERLINK(""http://x"",""<script>alert(1)</script>"")\x1b[31m; DROP TABLE Party --"'
    row = NORDIC + f"{name},AE,854231,10,pieces,,,,\n"
    for form in ("table", "csv", "json", "jsonl"):
        (tmp_path / "new.csv").write_text(HEAD + row, encoding="utf-8")
        ran = run("check", tmp_path / "new.csv", "--store", store, "--format", form)
        assert ran.code == 0 and "\x1b[31m" not in ran.err
        assert form in ("json", "jsonl") or "\x1b[31m" not in ran.out
        assert form != "csv" or not any(cell.startswith("=") for cell in ran.out.split(","))
    assert run("doctor", "--store", store).code == 0


def test_standard_input_and_rows_of_a_program_say_the_same(
    tmp_path: Path, store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = HEAD + ONWARD

    class Piped:
        buffer = io.BytesIO(text.encode())

    file = asked(tmp_path, store, ONWARD).json
    monkeypatch.setattr("sys.stdin", Piped())
    piped = run("check", "-", "--store", store, "--format", "json").json
    names, values = HEAD.strip().split(","), ONWARD.strip().split(",")
    with dv.open_store(str(store), read_only=True) as held:
        rows = dv.check(held, [dict(zip(names, values, strict=True))])
        frame = dv.checker(held).rows([dict(zip(names, values, strict=True))])[1]

    def bare(told: Any) -> Any:
        plain = json.loads(json.dumps(told))
        for each in plain:
            each["row"] = 0
            for route in each["routes"]:
                for record in route["records"]:
                    record["file"], record["row"], record["sheet"] = "", 0, None
        return plain

    assert bare(piped) == bare(file) == bare(rows) == bare(frame)


def test_a_credit_is_screened_by_its_parties(tmp_path: Path, store: Path) -> None:
    (tmp_path / "lc.fin").write_text(
        MT700.replace("FALCON ROUTE GENERAL TRADING LLC", "KUZBASS KVARTZ PRIBOR")
    )
    ran = run("check", tmp_path / "lc.fin", "--store", store, "--format", "json")
    assert ran.code == 0, ran.err
    (told,) = ran.json
    assert told["shipment_id"] == "LC-2400512" and told["verdict"] in ("review", "stop")
    assert told["instrument"]["kind"] == "letter of credit"
    assert any(hit["role"] == "applicant" for hit in told["screening"])
    assert told["searched"]["routes"]["not_searched"]


def test_a_hit_that_somebody_passed_is_shown_and_does_not_count(tmp_path: Path, store: Path) -> None:
    row = NORDIC + "Volga Instrumants,UZ,640399,10,pieces,,,,\n"
    (tmp_path / "passed.csv").write_text("name,reason,until\nVolga Instrumants,a bakery,2099-01-01\n")
    told = one(tmp_path, store, row, "--whitelist", tmp_path / "passed.csv")
    assert told["verdict"] == "clear" and told["screening"] == []
    assert told["suppressed"][0]["suppressed"]["reason"] == "a bakery"
    (tmp_path / "new.csv").write_text(HEAD + row, encoding="utf-8")
    forms = {}
    for form in ("table", "csv"):
        ran = run(
            "check",
            *(tmp_path / "new.csv", "--store", store, "--format", form),
            *("--whitelist", tmp_path / "passed.csv"),
        )
        forms[form] = " ".join(ran.out.split())
    for text in (told["note"], *forms.values()):
        assert "is passed until 2099-01-01: a bakery" in text and "nothing else was found" in text
        assert "nothing was found" not in text
    assert "passed" in forms["csv"].split(" ")[0].split(",")


def test_without_any_list_nobody_is_judged(tmp_path: Path, store: Path) -> None:
    place = tmp_path / "no_list.duckdb"
    assert run("ingest", write_case(tmp_path)[0], "--store", place).code == 0
    ran = asked(tmp_path, place, CLEAR, "--fail-on", 50)
    assert ran.code == 3 and not ran.out
    assert "no list of restricted parties was read" in ran.err and "diversion ingest" in ran.err
    early = asked(tmp_path, store, CLEAR, "--known-at", "2001-01-01")
    assert early.code == 3 and "by 2001-01-01" in early.err
    (tmp_path / "mine.toml").write_text(
        '[pack]\nname = "mine"\nversion = "1"\n[[watchlist]]\nname = "Volga Instruments"\n'
        'effect = "blocking"\nsource = "our desk"\nfrom = 2020-01-01\n'
    )
    listed = NORDIC + "Volga Instruments,KZ,640399,10,pieces,,,,\n"
    told = asked(tmp_path, place, listed, "--policy", tmp_path / "mine.toml")
    assert told.code == 0 and told.json[0]["verdict"] != "clear", told.err


def test_an_analysis_without_any_list_says_so(tmp_path: Path, store: Path) -> None:
    place = tmp_path / "no_list.duckdb"
    assert run("ingest", write_case(tmp_path)[0], "--store", place).code == 0
    assert "no list was read" in run("analyze", "--store", place).err


def test_the_table_says_which_row_and_who_and_where_it_looked(tmp_path: Path, store: Path) -> None:
    order = CLEAR.replace("Honest Buyer Ltd,GB", ",").replace("pieces,,,,", "pieces,Last User Ltd,GB,,")
    (tmp_path / "new.csv").write_text(HEAD + CLEAR + order.replace("N-1", "N-2"), encoding="utf-8")
    lines = run("check", tmp_path / "new.csv", "--store", store).out.splitlines()
    assert lines[0].startswith("lists: listings (no day stated, newest entry ") and lines[
        1
    ].strip().startswith("records: 5 transfers")
    assert lines[2].split()[:4] == ["row", "shipment", "id", "who"]
    assert lines[3].startswith("2 ") and "Honest Buyer Ltd (GB)" in lines[3]
    (after,) = [number for number, line in enumerate(lines) if line.startswith("3 ")]
    assert "Nordic Radian AG (CH)" in lines[after] and "Last User Ltd (GB)" in " ".join(lines[after:])


def test_an_id_that_several_rows_state_stays_as_stated(tmp_path: Path, store: Path) -> None:
    rows = CLEAR + CLEAR.replace("Honest Buyer", "Other Buyer") + CLEAR.replace("854231", "640399")
    told = asked(tmp_path, store, rows).json
    assert [(each["shipment_id"], each["row"]) for each in told] == [("N-1", 2), ("N-1", 3), ("N-1", 4)]
    assert [each["parties"][1]["name"] for each in told[:2]] == ["Honest Buyer Ltd", "Other Buyer Ltd"]
    plain = {"shipment_id": "PO", "exporter": "A", "consignee": "B", "departed_on": "2023-04-01"}
    with dv.open_store(str(store), read_only=True) as held:
        desk = dv.checker(held)
        lined = desk.rows([plain | {"line": "00000010"}, plain | {"line": "00000020"}])[1]
        unlined = desk.rows([plain, plain | {"hs_code": "854231"}])[1]
    assert [each["shipment_id"] for each in lined] == ["PO/00000010", "PO/00000020"]
    assert [each["shipment_id"] for each in unlined] == ["PO", "PO"]


def test_a_day_that_nobody_stated_is_told_with_the_row(tmp_path: Path, store: Path) -> None:
    from datetime import date

    plan = {"exporter": "A", "consignee": "B", "hs_code": "854231"}
    with dv.open_store(str(store), read_only=True) as held:
        without, with_day = dv.checker(held).rows([plan, plan | {"departed_on": "2023-04-01"}])[1]
    assert f"states no day: taken as planned for {date.today()}" in without["note"]
    assert "states no day" not in with_day["note"]
    head = "shipment_id,exporter,exporter_country,consignee,consignee_country,hs_code"
    (tmp_path / "dayless.csv").write_text(f"{head}\nN-3,A,CH,B Ltd,GB,854231\n", encoding="utf-8")
    (told,) = run("check", tmp_path / "dayless.csv", "--store", store, "--format", "json").json
    assert "states no day" in told["note"]


def test_lists_and_records_far_older_than_the_plan_are_told_with_their_age(
    tmp_path: Path, store: Path
) -> None:
    near, far = (CLEAR.replace("2023-04-01,2023-04-05", f"{day},") for day in ("2023-10-05", "2023-10-06"))
    assert "the records end" not in one(tmp_path, store, near)["note"]
    told = one(tmp_path, store, far)["note"]
    assert "the records end on 2023-04-08, 181 days before 2023-10-06" in told
    assert "the newest list or entry is of 2022-04-08, 546 days before 2023-10-06" in told
    assert told.endswith("no clearance")


def test_a_file_that_is_not_there_is_told_before_anything_is_opened(tmp_path: Path) -> None:
    for name in ("none.csv", "*.csv"):
        ran = run("check", tmp_path / name, "--store", tmp_path / "no.duckdb")
        assert ran.code == 3 and name in ran.err and "store" not in ran.err
