"""Names from right to left on a page of English."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diversion.explain.words import clean, shown
from diversion.report.direction import isolated

NAME = "شركة النور (دبي) 5"


@given(st.text(st.sampled_from("aб [](),→;“”<&'5شنא"), max_size=30))
def test_no_letter_is_lost_and_every_one_from_right_to_left_is_apart(text: str) -> None:
    page = str(isolated(text))
    assert unescape(re.sub("</?bdi>", "", page)) == clean(text)
    outside = re.sub("<bdi>.*?</bdi>", "", page)
    assert not set(outside) & set("شنא")
    assert not any(re.search("[aб]", unescape(run)) for run in re.findall("<bdi>(.*?)</bdi>", page))


def test_a_name_is_apart_from_its_transliteration_and_from_the_next_name() -> None:
    sentence = f"went from {shown(NAME)} (Oman) to {shown('אלביט')} in 3 shipments"
    runs = re.findall("<bdi>(.*?)</bdi>", str(isolated(sentence)))
    assert runs == [NAME, "אלביט"]


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("誠和電装株式会社", None),
        ("有限会社山田", "CN"),
        ("トヨタ自動車", None),
        ("㈱山田", None),
        ("山田電機", "JP"),
    ],
)
def test_a_japanese_name_is_not_read_as_chinese(name: str, country: str | None) -> None:
    assert shown(name, country) == name
    assert shown("深圳市华强公司", "CN").endswith("Si]") and shown("キヤノン", "JP").startswith("キヤノン [")
