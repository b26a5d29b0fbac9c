"""What a person meets at the command line: help, exit codes, and messages that say what to do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from diversion.cli import app
from tests.case import LISTINGS, SHIPMENTS, run, write_case

COMMANDS = sorted(name for name in app if not name.startswith("-"))
OWNERSHIP = "owner,owned,share\nA,B,{share}\n" + "".join(f"A,C{n},10\n" for n in range(9))


def test_every_command_of_the_design_is_there() -> None:
    first = {
        "demo",
        "ingest",
        "analyze",
        "routes",
        "explain",
        "party",
        "owners",
        "screen",
        "report",
        "doctor",
    }
    assert first | {"simulate"} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example_that_names_the_command(command: str) -> None:
    ran = run(command, "--help")
    assert ran.code == 0
    assert f"Example: diversion {command}" in ran.out


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys\nfrom diversion.cli import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'pandas', 'pyarrow', 'numba', 'sklearn', 'duckdb', 'neo4j', 'plotly', 'numpy'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "HEAVY []" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("analyze", "--hops", "many"), ("analyze", "--hops", "0"), ("party",), ("explain",)],
)
def test_wrong_usage_exits_with_2(arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert "Traceback" not in ran.err + ran.out


def ingest(tmp_path: Path, name: str, content: str | bytes, *more: str) -> tuple[int, str, str]:
    """Ingest one file beside a good one; the good one must be there whatever became of the other."""
    path, store = tmp_path / name, tmp_path / "s.duckdb"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    ran = run("ingest", path, "--store", store, *more)
    assert "Traceback" not in ran.err + ran.out
    return ran.code, ran.out, ran.err


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("empty.csv", "", "empty"),
        ("missing.csv", "exporter,hs_code\nA,854231\n", "column"),
        ("binary.csv", bytes(range(256)) * 40, ""),
        ("fake.xlsx", b"PK\x03\x04 not a workbook", ""),
        ("fake.parquet", b"PAR1 not parquet", ""),
        ("other.csv", "colour,size\nred,3\n", "column"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_3(
    tmp_path: Path, name: str, content: str, what: str
) -> None:
    code, out, err = ingest(tmp_path, name, content)
    assert code == 3, out + err
    assert name in out + err and what in out + err


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("departed_on", "not a day"),
        ("departed_on", "1989-12-31"),
        ("departed_on", "2199-01-01"),
        ("arrived_on", "2023-02-27"),
        ("consignee_country", "XQ"),
        ("unit", "furlongs"),
        ("quantity", "-4"),
        ("hs_code", "chips"),
    ],
)
def test_a_faulty_row_is_rejected_by_itself(tmp_path: Path, column: str, value: str) -> None:
    header, first, *rest = SHIPMENTS.splitlines()
    names = header.split(",")
    faulty = dict(zip(names, first.split(","), strict=True)) | {"shipment_id": "S-9", column: value}
    text = "\n".join([header, first, *rest, ",".join(faulty[name] for name in names)])
    code, _, err = ingest(tmp_path, "shipments.csv", text)
    assert code == 0
    assert "row 7" in err and column in err and value in err


def test_a_share_of_140_per_cent_is_one_reject_and_ten_per_cent_of_rows(tmp_path: Path) -> None:
    code, _, err = ingest(tmp_path, "ownership.csv", OWNERSHIP.format(share=140))
    assert code == 0 and "row 2" in err and "140" in err
    code, _, err = ingest(tmp_path, "ownership.csv", "owner,owned,share\nA,B,140\nA,C,20\n")
    assert code == 3 and "1 of 2 rows" in err


def test_a_folder_without_files_and_a_file_that_is_not_there_are_refused(tmp_path: Path) -> None:
    (tmp_path / "hollow").mkdir()
    ran = run("ingest", tmp_path / "hollow", "--store", tmp_path / "s.duckdb")
    assert ran.code == 3 and "hollow" in ran.err
    ran = run("ingest", tmp_path / "gone.csv", "--store", tmp_path / "s.duckdb")
    assert ran.code == 3 and "gone.csv" in ran.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_rights_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.csv"
    path.write_text(SHIPMENTS, encoding="utf-8")
    path.chmod(0)
    ran = run("ingest", path, "--store", tmp_path / "s.duckdb")
    assert ran.code == 3 and "secret.csv" in ran.err


def test_a_store_that_is_none_is_said_plainly(tmp_path: Path) -> None:
    ran = run("analyze", "--store", tmp_path / "none.duckdb")
    assert ran.code == 3 and "diversion ingest" in ran.err
    (tmp_path / "text.duckdb").write_text("no database", encoding="utf-8")
    ran = run("doctor", "--store", tmp_path / "text.duckdb")
    assert ran.code == 4 and "text.duckdb" in ran.err


def test_no_server_exits_with_4(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIVERSION_NEO4J_PASSWORD", "x")
    ran = run("doctor", "--store", "bolt://127.0.0.1:9")
    assert ran.code == 4 and "127.0.0.1:9" in ran.err


def test_fail_on_exits_with_10(tmp_path: Path) -> None:
    store = tmp_path / "case.duckdb"
    assert run("ingest", *write_case(tmp_path), "--store", store).code == 0
    assert run("analyze", "--store", store, "--fail-on", "100").code == 0
    assert run("analyze", "--store", store, "--fail-on", "1").code == 10


def test_names_cannot_steer_the_terminal_or_a_spreadsheet(tmp_path: Path) -> None:
    evil = "=HYPERLINK(1)\x1b[2J"
    (tmp_path / "shipments.csv").write_text(SHIPMENTS.replace("Kestrel Trading FZE", evil), encoding="utf-8")
    (tmp_path / "listings.csv").write_text(LISTINGS, encoding="utf-8")
    store = tmp_path / "case.duckdb"
    assert run("ingest", tmp_path / "shipments.csv", tmp_path / "listings.csv", "--store", store).code == 0
    assert run("analyze", "--store", store).code == 0
    for command in (("routes",), ("explain", "1"), ("party", "--all"), ("routes", "--format", "csv")):
        ran = run(*command, "--store", store)
        assert ran.code == 0, ran.err
        assert "\x1b" not in ran.out
    table = run("party", "--all", "--store", store, "--format", "csv").out
    assert not re.search(r"(^|,)=", table, flags=re.MULTILINE) and "'=HYPERLINK" in table


def test_the_same_store_and_options_give_the_same_run(tmp_path: Path) -> None:
    store = tmp_path / "case.duckdb"
    run("ingest", *write_case(tmp_path), "--store", store)
    first = run("analyze", "--store", store, "--format", "json").json
    routes = run("routes", "--store", store, "--format", "json").out
    second = run("analyze", "--store", store, "--format", "json").json
    assert first["run_id"] == second["run_id"]
    assert routes == run("routes", "--store", store, "--format", "json").out


def test_a_run_done_again_is_the_last_run_again(tmp_path: Path) -> None:
    store = tmp_path / "case.duckdb"
    run("ingest", *write_case(tmp_path), "--store", store)
    run("analyze", "--store", store)
    assert run("analyze", "--store", store, "--from", "country:GB").code == 0
    assert run("routes", "--store", store, "--format", "json").json == []
    run("analyze", "--store", store)
    assert len(run("routes", "--store", store, "--format", "json").json) == 2


def test_the_run_knows_with_which_mapping_the_data_were_read(tmp_path: Path) -> None:
    (tmp_path / "shipments.csv").write_text(SHIPMENTS, encoding="utf-8")
    (tmp_path / "swap.toml").write_text('exporter = "consignee"\nconsignee = "exporter"\n', encoding="utf-8")
    ids = []
    for name, more in (("a", ()), ("b", ("--mapping", tmp_path / "swap.toml"))):
        store = tmp_path / f"{name}.duckdb"
        assert run("ingest", tmp_path / "shipments.csv", *more, "--store", store).code == 0
        ids.append(run("analyze", "--store", store, "--format", "json").json["manifest"]["data"])
    assert ids[0] != ids[1]


def test_csv_is_flat(tmp_path: Path) -> None:
    store = tmp_path / "case.duckdb"
    run("ingest", *write_case(tmp_path), "--store", store)
    run("analyze", "--store", store)
    for command in (
        ("routes",),
        ("party", "--all"),
        ("screen", "Volga Instruments"),
        ("routes", "--top", "1"),
    ):
        out = run(*command, "--store", store, "--format", "csv").out
        assert "{" not in out.splitlines()[0] and len(out.splitlines()) > 1
    assert "[" not in run("routes", "--store", store, "--format", "csv").out


@pytest.mark.parametrize(("said", "meant"), [("Germany", "country:DE"), ("Rusia", "country:RU"), ("ZZ", "")])
def test_a_country_that_is_no_code_is_refused_with_the_code_meant(
    tmp_path: Path, said: str, meant: str
) -> None:
    store = tmp_path / "case.duckdb"
    run("ingest", *write_case(tmp_path), "--store", store)
    for flag in ("--from", "--avoid"):
        ran = run("analyze", flag, f"country:{said}", "--store", store)
        assert ran.code == 2 and f"{said!r} is no country code" in ran.err and meant in ran.err
    assert run("analyze", "--from", "country:ch", "--store", store).code == 0


def test_messages_name_the_run_and_runs_lists_them(tmp_path: Path) -> None:
    store = tmp_path / "case.duckdb"
    run("ingest", *write_case(tmp_path), "--store", store)
    whole = run("analyze", "--store", store, "--format", "json").json["run_id"]
    empty = run("analyze", "--from", "country:GB", "--store", store, "--format", "json").json["run_id"]
    told = run("runs", "--store", store, "--format", "json").json
    assert [(one["run_id"], one["corridors"]) for one in told] == [(empty, 0), (whole, 2)]
    assert "from country:GB to restricted parties" in told[0]["question"]
    for command in (("routes",), ("explain", "1"), ("flow", "1"), ("routes", "--run", "1")):
        ran = run(*command, "--store", store)
        assert empty in ran.err and "country:GB" in ran.err and "0 routes" in ran.err, ran.err
        assert "diversion runs" in ran.err and not ran.out
    assert run("explain", "1", "--run", whole, "--store", store).code == 0


def test_the_table_of_analyze_says_how_to_see_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from diversion.commands import search

    store = tmp_path / "case.duckdb"
    run("ingest", *write_case(tmp_path), "--store", store)
    assert "--top 0" not in run("analyze", "--store", store).err
    monkeypatch.setattr(search, "SHOWN", 1)
    assert "the first 1 of 2; `diversion routes --top 0`" in run("analyze", "--store", store).err


def test_a_refused_file_leaves_no_new_store_behind(tmp_path: Path) -> None:
    store, other = tmp_path / "new.duckdb", tmp_path / "other.csv"
    other.write_text("colour,size\nred,3\n", encoding="utf-8")
    for file in (other, tmp_path / "none.csv"):
        assert run("ingest", file, "--store", store).code == 3
        assert not list(tmp_path.glob("new*"))
    good = write_case(tmp_path)
    assert run("ingest", other, *good, "--store", store).code == 3 and store.exists()
    assert run("ingest", other, "--store", store).code == 3 and store.exists()


def test_a_store_without_shipments_is_no_answer(tmp_path: Path) -> None:
    store = tmp_path / "lists.duckdb"
    (tmp_path / "listings.csv").write_text(LISTINGS, encoding="utf-8")
    run("ingest", tmp_path / "listings.csv", "--store", store)
    for form in ("table", "json"):
        ran = run("analyze", "--store", store, "--format", form)
        assert "no shipments" in ran.err and "diversion ingest" in ran.err
        assert "no route was found" not in ran.err


def test_an_estimated_day_has_a_mark(tmp_path: Path) -> None:
    store = tmp_path / "case.duckdb"
    text = SHIPMENTS.replace("2023-03-20,2023-03-28", "2023-03-20,")
    (tmp_path / "shipments.csv").write_text(text, encoding="utf-8")
    (tmp_path / "listings.csv").write_text(LISTINGS, encoding="utf-8")
    run("ingest", tmp_path / "shipments.csv", tmp_path / "listings.csv", "--store", store)
    run("analyze", "--store", store)
    marks = re.findall(r"(~?)2023-\S\S-\S\S … (~?)2023", run("routes", "--store", store).out)
    assert ("", "~") in marks and all(first == "" for first, _ in marks)


def test_a_report_for_a_folder_that_is_missing_says_so(tmp_path: Path) -> None:
    store = tmp_path / "case.duckdb"
    run("ingest", *write_case(tmp_path), "--store", store)
    run("analyze", "--store", store)
    ran = run("report", "--out", tmp_path / "none" / "x.html", "--store", store)
    assert ran.code == 1 and "make the folder" in ran.err and "room" not in ran.err


def test_python_shows_its_names_and_wants_a_store() -> None:
    import diversion
    from diversion.errors import UsageError

    assert set(diversion.__all__) <= set(dir(diversion))
    with pytest.raises(UsageError, match=r"open_store\('case.duckdb'\)"):
        diversion.analyze("case.duckdb")  # type: ignore[arg-type]
