"""The list of the United Nations: the real one against another parser, and what an entry may leave open."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from diversion.errors import BadInput
from tests.ingest.listed import entries, named

UN = "lists/un/UN_consolidated.xml"


def test_every_entry_is_there_with_what_the_raw_file_says(shared_data: Path) -> None:
    raw = ET.parse(shared_data / UN).getroot()
    elements = [*raw.iter("INDIVIDUAL"), *raw.iter("ENTITY")]
    found = entries(shared_data / UN)
    assert [entry["fault"] for entry in found] == [None] * 1003
    assert Counter(entry["kind"] for entry in found) == {"person": 730, "company": 273}
    assert [entry["row"] for entry in found] == list(range(1, 1004))
    for element, entry in zip(elements, found, strict=True):
        assert entry["entry_id"] == (element.findtext("REFERENCE_NUMBER") or "").strip()
        assert entry["listed_on"] == (element.findtext("LISTED_ON") or "")[:10]
        assert entry["regimes"] == [element.findtext("UN_LIST_TYPE")]
        first = (element.findtext("FIRST_NAME") or "").split()
        assert entry["name"].split()[: len(first)] == first
    assert {entry["published"] for entry in found} == {"2026-02-27"}
    assert {entry["authority"] for entry in found} == {"UN"}


def test_aliases_and_their_quality_are_those_of_the_raw_file(shared_data: Path) -> None:
    found = named(shared_data / UN)
    for element in ET.parse(shared_data / UN).getroot().iter("INDIVIDUAL"):
        entry = found[(element.findtext("REFERENCE_NUMBER") or "").strip()]
        said: dict[str, set[str]] = {"Low": set(), "Good": set()}
        for alias in element.iter("INDIVIDUAL_ALIAS"):
            if name := " ".join((alias.findtext("ALIAS_NAME") or "").split()):
                said[alias.findtext("QUALITY") or "Good"].add(name)
        assert said["Low"] | said["Good"] <= {*entry["aliases"], entry["name"]}
        assert set(entry["weak_aliases"]) == said["Low"] - said["Good"] - {entry["name"]}
        assert set(entry["weak_aliases"]) <= set(entry["aliases"])


def test_births_documents_and_addresses_of_the_raw_file(shared_data: Path) -> None:
    raw, found = ET.parse(shared_data / UN).getroot(), named(shared_data / UN)
    births = {b for entry in found.values() for b in entry["births"]}
    stated = {e.text for tag in ("DATE", "YEAR", "FROM_YEAR", "TO_YEAR") for e in raw.iter(tag)}
    # Five days stand in notes, of which four can be read as a month.
    assert stated <= births and len(births - stated) == 4
    numbers = sum(len(entry["identifiers"]) for entry in found.values())
    assert numbers >= sum(1 for one in raw.iter("NUMBER") if one.text) * 0.98
    places = [*raw.iter("INDIVIDUAL_ADDRESS"), *raw.iter("ENTITY_ADDRESS")]
    streets = [street for place in places if (street := place.findtext("STREET"))]
    assert len(streets) == 280
    written = {text for entry in found.values() for text, _ in entry["addresses"]}
    assert all(any(" ".join(s.split()) in " ".join(w.split()) for w in written) for s in streets)


def test_one_entry_in_full(shared_data: Path) -> None:
    entry = named(shared_data / UN)["CDi.003"]
    assert entry["name"] == "GASTON IYAMUREMYE"
    assert entry["weak_aliases"] == ["Rumuli"] and "Victor Rumuri" in entry["aliases"]
    assert entry["births"] == ["1948"] and entry["countries"] == ["CD", "RW"]
    assert entry["addresses"] == [("North Kivu Province, Democratic Republic of the Congo", "CD")]
    assert "as of June 2016" in entry["remarks"] and "FDLR Interim President" in entry["remarks"]


def test_measures_that_the_committee_states_are_part_of_the_programme(shared_data: Path) -> None:
    programmes = Counter(entry["programme"] for entry in entries(shared_data / UN))
    assert programmes["Libya (Travel Ban)"] == 7
    assert programmes["Libya (Travel Ban, Asset Freeze)"] == 15
    assert programmes["Yemen (targeted arms embargo)"] == 1
    assert programmes["Al-Qaida"] == 341


SMALL = """<CONSOLIDATED_LIST dateGenerated="2026-02-27T00:00:09.554Z"><INDIVIDUALS>
<INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>na</FIRST_NAME><SECOND_NAME>AZIM</SECOND_NAME>
 <THIRD_NAME>n/a</THIRD_NAME><NAME_ORIGINAL_SCRIPT>عظيم</NAME_ORIGINAL_SCRIPT>
 <UN_LIST_TYPE>Libya</UN_LIST_TYPE><LISTED_ON>2011-13-40</LISTED_ON>
 <DELISTED_ON>2015-04-07-04:00</DELISTED_ON>
 <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1955</FROM_YEAR><TO_YEAR>1958</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
 <INDIVIDUAL_DATE_OF_BIRTH><NOTE>Nov. 1973</NOTE></INDIVIDUAL_DATE_OF_BIRTH>
 <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1960</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
 <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT>
  <NUMBER>CAR diplomatic passport no. D00000898</NUMBER>
  <ISSUING_COUNTRY>State of Palestine</ISSUING_COUNTRY><NOTE>expired</NOTE></INDIVIDUAL_DOCUMENT></INDIVIDUAL>
<INDIVIDUAL><REFERENCE_NUMBER>XXi.2</REFERENCE_NUMBER><FIRST_NAME/></INDIVIDUAL>
<INDIVIDUAL><FIRST_NAME>NOBODY</FIRST_NAME></INDIVIDUAL>
</INDIVIDUALS></CONSOLIDATED_LIST>"""


def test_a_day_that_cannot_be_loses_no_entry_and_an_entry_needs_number_and_name(tmp_path: Path) -> None:
    path = tmp_path / "un.xml"
    path.write_text(SMALL, encoding="utf-8")
    entry, nameless, numberless = entries(path)
    assert (entry["entry_id"], entry["name"], entry["aliases"]) == ("1", "AZIM", ["عظيم"])
    assert entry["listed_on"] is None and "listed on as published: 2011-13-40" in entry["remarks"]
    assert entry["removed_on"] == "2015-04-07"
    assert entry["births"] == ["1955", "1958", "1973-11", "1960"] and "born about 1960" in entry["remarks"]
    assert entry["identifiers"] == ["Passport (PS):D00000898"] and "expired" in entry["remarks"]
    assert (nameless["fault"], nameless["value"]) == ("the entry has no name", "XXi.2")
    assert "no number" in numberless["fault"] and numberless["value"] == "NOBODY"


def test_a_list_that_was_cut_off_is_refused(shared_data: Path, tmp_path: Path) -> None:
    whole = (shared_data / UN).read_bytes()
    path = tmp_path / "un.xml"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadInput, match="damaged"):
        entries(path)
