"""Names of companies whose trade words are translated from one script to the other."""

from __future__ import annotations

import pytest

from diversion.parties.compare import likeness
from diversion.policy.policy import load

CUTOFF = load().thresholds["match_cutoff"]
SAME = [
    ("Alpha Bank", "Αλφα Τράπεζα"),
    ("National Bank of Greece", "Εθνική Τράπεζα της Ελλάδος"),
    ("Hellenic Petroleum", "Ελληνικά Πετρέλαια"),
    ("Kestrelos Shipping Company", "Ναυτιλιακή Εταιρεία Κεστρέλος"),
    ("Kestrelos Construction Group", "Κατασκευαστικός Όμιλος Κεστρέλος"),
    ("Islamic Republic of Iran Shipping Lines", "کشتیرانی جمهوری اسلامی ایران"),
    ("Khatam al-Anbiya Construction", "قرارگاه سازندگی خاتم الانبیا"),
    ("Tehran Missile Industries", "صنایع موشکی تهران"),
    ("Damascus Oil Transport Company", "شركة دمشق لنقل النفط"),
    ("Baghdad Military Industries", "الصناعات العسكرية بغداد"),
    ("Tactical Missiles Corporation", "Корпорация Тактическое ракетное вооружение"),
    ("ZTE Corporation", "中兴通讯股份有限公司"),
    ("Hangzhou Hikvision Digital Technology", "杭州海康威视数字技术股份有限公司"),
    ("Harbin Satellite Navigation Co., Ltd", "哈尔滨卫星导航有限公司"),
    ("Pyongyang Missile Research Institute", "평양 미사일 연구소"),
    ("Busan Nuclear Design Company", "부산 원자력 설계 회사"),
]


@pytest.mark.parametrize(("latin", "other"), SAME)
def test_a_translated_name_is_the_same_and_no_other(latin: str, other: str) -> None:
    assert likeness(latin, other, "company") >= CUTOFF
    assert likeness(latin, other) >= CUTOFF
    for third, _ in SAME:
        assert third == latin or likeness(third, other, "company") < CUTOFF, third


@pytest.mark.parametrize(
    ("latin", "other"),
    [
        ("Alpha Insurance", "Αλφα Τράπεζα"),
        ("Hellenic Steel", "Ελληνικά Πετρέλαια"),
        ("Islamic Republic of Iran Railways", "کشتیرانی جمهوری اسلامی ایران"),
        ("Tehran Cement Industries", "صنایع موشکی تهران"),
        ("Pyongyang Food Research Institute", "평양 미사일 연구소"),
        ("Tianjin Satellite Navigation", "哈尔滨卫星导航有限公司"),
        ("National Bank of Cyprus", "Εθνική Τράπεζα της Ελλάδος"),
    ],
)
def test_another_line_or_place_is_another_company(latin: str, other: str) -> None:
    assert likeness(latin, other, "company") < CUTOFF
