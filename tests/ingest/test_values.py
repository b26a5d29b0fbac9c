"""What single cells and whole columns mean, in the spellings of real customs files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from diversion.ingest.countries import country
from diversion.ingest.days import NO_SUCH_DAY, UNKNOWN, day, no_day
from diversion.ingest.hs import hs
from diversion.ingest.numbers import read as number
from diversion.ingest.vocabulary import currency, flow, unit
from diversion.store.base import Store
from tests.ingest.world import empty_store, one, write

HEADER = [
    "Shipment No",
    "Ship Date",
    "Shipper",
    "Buyer",
    "Buyer Country",
    "HS CODE",
    "Goods",
    "Qty",
    "UOM",
    "Amount",
    "Ccy",
]
ROW = ["S1", "2023-04-05", "Alpha Ltd", "Beta LLC", "AE", "85423100", "chips", "10", "PCS", "100", "USD"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with empty_store(tmp_path) as opened:
        yield opened


def table(path: Path, column: str, texts: list[str], **more: list[str]) -> Path:
    """A foreign table whose rows differ in one column, or in several."""
    rows = []
    for at, text in enumerate(texts):
        row = [*ROW]
        row[0] = f"S{at}"
        row[HEADER.index(column)] = text
        for name, others in more.items():
            row[HEADER.index(name)] = others[at]
        rows.append(row)
    return write(path / "t.csv", rows, HEADER)


def column_of(store: Store, name: str) -> list[Any]:
    rows = store.read("Shipment").to_pylist()
    return [row[name] for row in sorted(rows, key=lambda row: int(row["shipment_id"][1:]))]


APRIL_5 = [
    "2023-04-05", "2023/4/5", "20230405", "2023.04.05", "05.04.2023", "05.04.2023 12:00:00", "5.4.23",
    "05-Apr-23",
    "05-APR-2023", "5 Apr 2023", "April 5, 2023", "Apr 5 2023", "5 апреля 2023", "5 апреля 2023 г.",
    "05 апр 2023",
    "5 квітня 2023", "5 de abril de 2023", "05/abr/2023", "5 avril 2023", "5. April 2023", "5 Nisan "
    "2023", "5 nis 2023",
    "ngày 5 tháng 4 năm 2023", "5 April 2023", "5 kwietnia 2023", "2023年4月5日", "2023년 4월 5일",
    "Wed, 05 Apr 2023",
    "2023-04-05T10:11:12Z", "2023-04-05 10:11:12.000", "5th April 2023", "2023-Apr-05",
]  # fmt: skip


@pytest.mark.parametrize("text", APRIL_5)
def test_a_day_in_many_forms(text: str) -> None:
    assert day(text) == (date(2023, 4, 5), date(2023, 4, 5))


@pytest.mark.parametrize(
    "text",
    [
        "2023-04",
        "Apr-23",
        "04/2023",
        "202304",
        "April 2023",
        "апрель 2023",
        "abr-23",
        "2023年4月",
        "tháng 4 năm 2023",
        "4.2023",
        "2023-Apr",
        "Nisan 2023",
    ],
)
def test_a_month_is_an_interval(text: str) -> None:
    assert day(text) == (date(2023, 4, 1), date(2023, 4, 30))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "45021",
        "31.02.2023",
        "2023-13-01",
        "05/04/2023",
        "05/04/23",
        "202313",
        "5 Brumaire 2023",
        "99/99/9999",
        "0/0/0",
        "١",
        "²/²/2023",
    ],
)
def test_no_day_or_one_in_doubt(text: str) -> None:
    assert day(text) == (None, None)


@pytest.mark.parametrize(
    ("texts", "first"),
    [
        (["05/04/2023", "25/04/2023"], date(2023, 4, 5)),
        (["05/04/2023", "04/25/2023"], date(2023, 5, 4)),
        (["05/04/23", "25/04/23"], date(2023, 4, 5)),
        (["23/04/05", "23/05/30", "23/06/12"], date(2023, 4, 5)),
        (["05/04/2023", "06/12/2024"], date(2023, 5, 4)),
        (["45021", "45022", "45030.5"], date(2023, 4, 5)),
        (["45021", "13/04/2023"], date(2023, 4, 5)),
    ],
)
def test_a_column_tells_the_order_of_its_days(
    store: Store, tmp_path: Path, texts: list[str], first: date
) -> None:
    report = one(store, table(tmp_path, "Ship Date", texts))
    assert (report.rejected, column_of(store, "departed_on")[0]) == (0, first)


@pytest.mark.parametrize(
    "texts",
    [["05/04/2023"], ["05/04/2023", "25/04/2023", "04/25/2023"], ["45021", "soon", "later", "2023-04-05"]],
)
def test_what_no_column_decides_is_rejected(store: Store, tmp_path: Path, texts: list[str]) -> None:
    report = one(store, table(tmp_path, "Ship Date", texts), max_rejected=1)
    assert report.rejects[0].row == 2
    assert "not a day that can be told" in report.rejects[0].reason


def test_arrival_before_departure_decides_an_order(store: Store, tmp_path: Path) -> None:
    header = ["Shipper", "Buyer", "HS CODE", "Ship Date", "Arrival Date"]
    rows = [
        ["A", "B", "854231", "05/01/2023", "02/02/2023"],
        ["A", "B", "854231", "07/02/2023", "09/03/2023"],
    ]
    assert one(store, write(tmp_path / "t.csv", rows, header)).loaded == 2
    assert sorted(row["departed_on"] for row in store.read("Shipment").to_pylist()) == [
        date(2023, 1, 5),
        date(2023, 2, 7),
    ]


def test_year_month_and_day_apart(store: Store, tmp_path: Path) -> None:
    header = ["Shipper", "Buyer", "HS CODE", "Arrival Date", "year", "month", "day", "flow"]
    rows = [
        ["A", "B", "854231", "", "2023", "4", "5", "EXP"],
        ["A", "B", "854231", "", "2023", "abril", "", "IMPORTACIÓN"],
        ["A", "B", "854231", "", "2023", "2023-04", "", "EXP"],
    ]
    assert one(store, write(tmp_path / "t.csv", rows, header)).loaded == 3
    found = sorted(
        (str(row["departed_on"]), str(row["departed_latest"]), str(row["arrived_on"]), row["flow"])
        for row in store.read("Shipment").to_pylist()
    )
    assert found == [
        ("2023-04-01", "2023-04-30", "None", "export"),
        ("2023-04-05", "2023-04-05", "None", "export"),
        ("None", "None", "2023-04-01", "import"),
    ]


NUMBERS = [
    (["1.234,50", "12,5", "1.234"], [1234.5, 12.5, 1234.0]),
    (["1,234.50", "1,234", "12.5"], [1234.5, 1234.0, 12.5]),
    (["1 234,5", "1\u00a0234,5", "2,25"], [1234.5, 1234.5, 2.25]),
    (["1'234.5", "1’234", "2"], [1234.5, 1234.0, 2.0]),
    (["1,23,456.78", "12,34,567", "5"], [123456.78, 1234567.0, 5.0]),
    (["٣٫٥", "１２３", "7"], [3.5, 123.0, 7.0]),
    (["1.234.567", "1,5", "1.000"], [1234567.0, 1.5, 1000.0]),
    (["1.5", "1,5", "2"], [1.5, 1.5, 2.0]),
    (["1,234", "2,000", "3"], [1234.0, 2000.0, 3.0]),
    (["USD 1,234.50", "$ 12.5", "1.5 EUR"], [1234.5, 12.5, 1.5]),
]


@pytest.mark.parametrize(("texts", "values"), NUMBERS)
def test_a_column_tells_its_decimals(
    store: Store, tmp_path: Path, texts: list[str], values: list[float]
) -> None:
    assert one(store, table(tmp_path, "Amount", texts)).rejected == 0
    assert column_of(store, "value") == values


def test_other_columns_tell_what_a_comma_is(store: Store, tmp_path: Path) -> None:
    path = table(tmp_path, "Amount", ["1,234", "2,500"], Qty=["12,5", "7,25"])
    one(store, path)
    assert column_of(store, "value") == [1.234, 2.5]


def test_what_is_glued_to_a_number(store: Store, tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "Qty",
        ["12 KGS", "3 dozen", "1.500,5 kg"],
        UOM=["", "", ""],
        Ccy=["", "", ""],
        Amount=["EUR 10", "€10", "10 руб."],
    )
    one(store, path)
    assert column_of(store, "unit") == ["kg", "pieces", "kg"]
    assert column_of(store, "quantity") == [12.0, 36.0, 1500.5]
    assert column_of(store, "quantity_written") == ["12 KGS", "3 dozen", "1.500,5 kg"]
    assert column_of(store, "currency") == ["EUR", "EUR", "RUB"]


@pytest.mark.parametrize("text", ["ten", "", "1-2", "1.2.3", "12 parrots", "1,2,3", "e5", "--", "9" * 500])
def test_no_number(text: str) -> None:
    assert number(text)[0] is None


HS = [
    (
        ["85423100", "1012100", "9013000", "85340000", "84715000"],
        ["854231", "010121", "090130", "853400", "847150"],
    ),
    (["854231", "90130", "853400"], ["854231", "090130", "853400"]),
    (["854231000", "854232000", "901300001"], ["854231", "854232", "901300"]),
    (["8542.31.00", "8542 31 00", "8542-31-00"], ["854231"] * 3),
    (["85423100 - circuits", "HS 8542.31", "85423100 (chips)"], ["854231"] * 3),
    (["85423100.0", "8.54231E+07", "85423100"], ["854231"] * 3),
    (["85423100;85340000", "85423100, 85340000", "854231/853400"], ["854231"] * 3),
    (["85", "00000000", "various"], [None] * 3),
]


@pytest.mark.parametrize(("texts", "codes"), HS)
def test_a_column_of_codes(store: Store, tmp_path: Path, texts: list[str], codes: list[str | None]) -> None:
    report = one(store, table(tmp_path, "HS CODE", texts))
    assert report.rejected == 0
    assert column_of(store, "hs6") == codes
    assert column_of(store, "hs_code") == texts


def test_a_rounded_code_is_none() -> None:
    assert hs("8.5E+07") == hs("8.54E+07") == (None, None)


UNITS = (
    [(text, "pieces", 1.0) for text in ["PCS", "NOS", "U", "UN", "UND", "UNIDAD", "UNIDADES", "ШТ",
    "шт.", "ADET", "CÁI", "件", "个", "台", "C62", "NAR", "Stk", "pieza"]]
    + [(text, "kg", 1.0) for text in ["KG", "KGM", "KGS.", "KILOGRAMO", "КГ", "кг", "千克", "公斤",
    "Kilogramm", "quilograma", "KİLOGRAM"]]
    + [("TNE", "kg", 1000.0), ("тонна", "kg", 1000.0), ("GRM", "kg", 0.001), ("LB", "kg", 0.45359237)]
    + [("MIL", "pieces", 1000.0), ("千个", "pieces", 1000.0), ("тыс. шт", "pieces", 1000.0), ("2U",
    "pieces", 2.0)]
    + [("PAIR", "pieces", 2.0), ("DOCENA", "pieces", 12.0), ("LTR", "l", 1.0), ("м3", "l", 1000.0),
    ("M²", "m2", 1.0)]
    + [("796 - ШТ", "pieces", 1.0), ("NOS (NUMBERS)", "pieces", 1.0), ("TAKIM", "sets", 1.0), ("ÇİFT",
    "pieces", 2.0)]
)  # fmt: skip


@pytest.mark.parametrize(("text", "base", "factor"), UNITS)
def test_units(text: str, base: str, factor: float) -> None:
    assert unit(text) == (base, factor)


COUNTRIES = {
    "US": "U.S.A. США EE.UU. 美国 ABD Hoa_Kỳ Estados_Unidos États-Unis EUA USA",
    "CN": "CHINA_P.R. 中国 Китай ÇİN Trung_Quốc P.R._CHINA 156-CHINA CN-CHINA Chine الصين",
    "KR": "KOREA,_REPUBLIC_OF Южная_Корея 韩国 Corea_del_Sur Hàn_Quốc SOUTH_KOREA",
    "DE": "Deutschland Alemania ALMANYA Германия 德国 Allemagne Німеччина",
    "GB": "GB_(ENGLAND) Великобритания Reino_Unido UK İngiltere",
    "HK": "HK_-_HONG_KONG 香港 Гонконг HONG_KONG_SAR",
    "AE": "ОАЭ UAE Emiratos_Árabes_Unidos 阿联酋 [AE]_United_Arab_Emirates",
    "RU": "Rusya РФ Российская_Федерация Rusia 俄罗斯",
}


@pytest.mark.parametrize(
    ("text", "code"),
    [(text.replace("_", " "), code) for code, said in COUNTRIES.items() for text in said.split()],
)
def test_countries_in_many_languages(text: str, code: str) -> None:
    assert country(text) == (code,)


@pytest.mark.parametrize("text", ["", "Atlantis", "CN - India", "1", "???", "Guinea Pig", "x" * 5000])
def test_no_country(text: str) -> None:
    assert country(text) == (None,)


def test_bare_numbers_are_countries_only_where_all_are(store: Store, tmp_path: Path) -> None:
    one(store, table(tmp_path, "Buyer Country", ["840", "156", "36"]))
    found = {row["shipment"]: row["country"] for row in store.read("DELIVERED_TO").to_pylist()}
    assert sorted(found.values()) == ["AU", "CN", "US"]
    report = one(store, table(tmp_path, "Buyer Country", ["840", "997", "156"]))
    found = {row["shipment"]: row["country"] for row in store.read("DELIVERED_TO").to_pylist()}
    assert list(found.values()) == [None] * 3
    assert any("3 countries that are not known" in note for note in report.notes)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("US$", "USD"),
        ("Доллар США", "USD"),
        ("美元", "USD"),
        ("643", "RUB"),
        ("₹", "INR"),
        ("TL", "TRY"),
        ("RMB", "CNY"),
        ("PESO MEXICANO", "MXN"),
        ("EUR - Euro", "EUR"),
        ("$", None),
        ("¥", None),
        ("gold", None),
    ],
)
def test_currencies(text: str, code: str | None) -> None:
    assert currency(text) == (code,)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("EXPORT", "export"),
        ("ИМ", "import"),
        ("Nhập khẩu", "import"),
        ("İHRACAT", "export"),
        ("出口", "export"),
        ("Tránsito", "transit"),
        ("ЭК10", "export"),
        ("E", "export"),
        ("maybe", None),
    ],
)
def test_flows(text: str, said: str | None) -> None:
    assert flow(text) == (said,)


def test_values_are_converted_by_the_rates_of_the_policy(store: Store, tmp_path: Path) -> None:
    report = one(store, table(tmp_path, "Ccy", ["EUR", "USD", "XDR", "nonsense", ""]))
    assert column_of(store, "value_usd") == [pytest.approx(108.1, rel=0.02), 100.0, None, None, None]
    assert column_of(store, "usd_rate_on") == [date(2023, 1, 1), None, None, None, None]
    assert any("1 values in EUR were converted" in note and "unverified" in note for note in report.notes)
    assert any("1 values are in other currencies" in note for note in report.notes)
    assert any("2 values have no currency and were not converted" in note for note in report.notes)
    assert any("'nonsense'" in note for note in report.notes)


def test_a_pack_of_ones_own_replaces_a_rate(store: Store, tmp_path: Path) -> None:
    pack = tmp_path / "p.toml"
    pack.write_text(
        '[pack]\nname = "mine"\nversion = "1"\n[[rates]]\nname = "EUR"\nyears = { 2023 = 2.0 }\n'
        "values = [{ from = 2023-04-01, until = 2023-05-01, usd = 3.0 }]\n"
        'source = "a bank"\nstatus = "stated"\n'
    )
    path = table(
        tmp_path, "Ccy", ["EUR", "EUR", "EUR"], **{"Ship Date": ["2023-04-05", "2023-05-01", "2022-05-01"]}
    )
    report = one(store, path, policy=pack)
    assert column_of(store, "value_usd") == [300.0, 200.0, None]
    assert any("status is: stated" in note for note in report.notes)


def test_weights_in_other_units(store: Store, tmp_path: Path) -> None:
    header = [
        "Shipper",
        "Buyer",
        "HS CODE",
        "Ship Date",
        "weight_kg",
        "gross_weight_kg",
        "weight_unit",
        "Ref",
    ]
    rows = [
        ["A", "B", "854231", "2023-04-05", "2", "9", "LB", "1"],
        ["A", "B", "854231", "2023-04-05", "", "3", "T", "2"],
        ["A", "B", "854231", "2023-04-05", "4 lbs", "", "", "3"],
        ["A", "B", "854231", "2023-04-05", "5", "", "PCS", "4"],
    ]
    one(store, write(tmp_path / "t.csv", rows, header))
    found = sorted(row["weight_kg"] or 0 for row in store.read("Shipment").to_pylist())
    assert found == pytest.approx([0, 0.90718474, 1.81436948, 3000])


@pytest.mark.parametrize(
    ("text", "none"),
    [
        ("31.02.2025", True),
        ("2025-02-31", True),
        ("2025/13/40", True),
        ("32/01/2024", True),
        ("29.02.2023 10:30", True),
        ("soon", False),
        ("31.02.20251", False),
    ],
)
def test_a_day_that_does_not_exist_is_told_from_what_is_no_day(
    store: Store, tmp_path: Path, text: str, none: bool
) -> None:
    report = one(store, table(tmp_path, "Ship Date", [text, "2024-05-19"]), max_rejected=1)
    assert report.rejects[0].reason == (NO_SUCH_DAY if none else UNKNOWN) == no_day(text)
