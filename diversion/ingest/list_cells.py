"""What entries of sanctions lists have in common: names, days as precisely as stated, countries, papers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from diversion.ingest.documents import LIST, fields, plain, several
from diversion.ingest.vocabulary import country

COLUMNS = (
    *("list", "entry_id", "name", "aliases", "weak_aliases", "kind", "births", "authority", "programme"),
    *("regimes", "listed_on", "removed_on", "countries", "addresses", "identifiers", "remarks", "published"),
)
"""Of the canonical columns those that these lists fill; the effect of a measure is for the policy to say."""

_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:[T+Z-].*)?)?)?")
_SLASHED = re.compile(
    r"(?:([0-9]{1,2}|dd)[/.-])?([0-9]{1,2}|mm)[/.-]([0-9]{4})(?: 00:00(?::00)?)?", re.IGNORECASE
)
_WORDS = re.compile(r"(?:([0-9]{1,2})[ -])?([A-Za-z]{3,9})\.?,?[ -]+([0-9]{4})")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_LONG = 300
"""Characters beyond which a text is neither a country nor a number in words: it is not searched."""
_NUMBERED = re.compile(r"\([0-9]{1,2}\)")
_AFTER_WORDS = re.compile(r"(?:number|no\.?|№)[\s:]*([A-Z0-9/-]*[0-9][A-Z0-9/-]*)$", re.IGNORECASE)
_SCHEMES = (
    (re.compile(r"passp?ort|pasaporte|passeport", re.IGNORECASE), "Passport"),
    (re.compile(r"national identi|national id\b|identity card|^id$", re.IGNORECASE), "National ID"),
)
"""Words for a document → the name of its scheme: what two lists call differently must meet."""
_BRACKETS = re.compile(r"\s*\([^)]*\)")

# Names of countries as these lists write them beside the usual ones.
_COUNTRIES = {
    "State of Palestine": "PS",
    "Palestinian Territory, Occupied": "PS",
    "Occupied Palestinian Territories": "PS",
    "China, Hong Kong Special Administrative Region": "HK",
    "Congo (Democratic Republic)": "CD",
    "Congo, Democratic Republic of (was Zaire)": "CD",
}
_ALSO = {name.casefold(): code for name, code in _COUNTRIES.items()}


def partial(text: str | None) -> str | None:
    """A day, a month or a year in ISO 8601, as precisely as stated, day before month; None where it is none.

    >>> partial("00/00/1968"), partial("dd/05/1945"), partial("7/5/1971"), partial("Nov. 1973")
    ('1968', '1945-05', '1971-05-07', '1973-11')
    >>> partial("2015-04-07-04:00"), partial("23-Sep-2026"), partial("31/02/1971"), partial("30 years old")
    ('2015-04-07', '2026-09-23', None, None)
    """
    said = (text or "").strip().rstrip(".")
    if found := _ISO.fullmatch(said):
        return _written(found[1], found[2], found[3])
    if found := _SLASHED.fullmatch(said):
        return _written(found[3], found[2], found[1])
    if (found := _WORDS.fullmatch(said)) and (name := found[2][:3].casefold()) in _MONTHS:
        return _written(found[3], str(_MONTHS.index(name) + 1), found[1])
    return None


def _written(year: str, month: str | None, day: str | None) -> str | None:
    y, m, d = (int(part) if part and part.isdigit() else 0 for part in (year, month, day))
    try:
        whole = date(y, m or 1, d if m and d else 1).isoformat()
    except ValueError:
        return None
    return whole if m and d else whole[:7] if m else whole[:4]


def iso(text: str | None) -> str | None:
    """ISO 3166-1 alpha-2 of a country as a list names it.

    >>> iso("State of Palestine"), iso("Myanmar (Burma)"), iso("RUSSIAN FEDERATION"), iso("UNKNOWN")
    ('PS', 'MM', 'RU', None)
    """
    said = plain(text)
    if not said or len(said) > _LONG:
        return None
    return _ALSO.get(said.casefold()) or country(said)[0] or country(_BRACKETS.sub("", said))[0]


def numbered(text: str | None) -> list[str]:
    """The values of a cell that numbers them; any other text is one value.

    >>> numbered("(1) Russia. (2) Ukraine."), numbered("Unit 4 (2)"), numbered(None)
    (['Russia', 'Ukraine'], ['Unit 4 (2)'], [])
    """
    said = plain(text)
    if not said.startswith("(1)"):
        return [said] if said else []
    return [part for one in _NUMBERED.split(said) if (part := one.strip(" .;,"))]


class Draft:
    """An entry while it is read: the values of each column in order, each once; `size` is about its bytes."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, None]] = {}
        self.rows = 0
        self.size = 0

    def add(self, column: str, *texts: str | None) -> None:
        """Add values: `name`, `alias` and `weak` are names, `second_id` counts without an `entry_id`."""
        values = self._values.setdefault(column, {})
        for text in texts:
            said = plain(text)
            if said and said not in values:
                values[said] = None
                self.size += len(said) + 100

    def note(self, label: str, *texts: str | None) -> None:
        """Add a remark, with what it is about."""
        for text in texts:
            if said := plain(text):
                self.add("remarks", f"{label}: {said}")

    def day(self, column: str, text: str | None) -> None:
        """Add a day; one that cannot be loses no entry: it stands as a remark."""
        if found := partial(text):
            self.add(column, found)
        else:
            self.note(f"{column.replace('_', ' ')} as published", text)

    def country(self, text: str | None, label: str) -> None:
        """Add a country of the entry, or the words where there is no such country."""
        found = iso(text)
        self.add("countries", found)
        if not found:
            self.note(label, text)

    def address(self, parts: Iterable[str | None], land: str | None) -> None:
        """Add an address and its country; a country alone is one, an unknown one stands in the text."""
        found = iso(land)
        written = ", ".join(said for part in (*parts, land) if (said := plain(part)))
        if written == plain(land) and found:
            written = ""
        if written or found:
            values = self._values.setdefault("addresses", {})
            self.size += 0 if (pair := fields(written, found)) in values else len(pair) + 100
            values.setdefault(pair)
            self.add("countries", found)

    def document(self, scheme: str, number: str | None, land: str | None = None) -> None:
        """Add an identifier; the country that issued it is part of its scheme."""
        said = plain(number).replace(";", ",")
        if len(said) < _LONG and (cut := _AFTER_WORDS.search(said)):
            said = cut[1]
        named = next((name for words, name in _SCHEMES if words.search(scheme)), plain(scheme).rstrip(" .:"))
        if said:
            code = iso(land)
            self.add("identifiers", f"{named}{f' ({code})' if code else ''}:{said}")

    def first(self, column: str) -> str | None:
        """The first value of a column."""
        return next(iter(self._values.get(column, ())), None)

    def cells(self, whose: str, authority: str) -> dict[str, str | None]:
        """The entry under canonical columns; without a name where it has none at all."""
        names, others, weak = (self._values.get(c, {}) for c in ("name", "alias", "weak"))
        every = [*names, *others, *weak]
        found = {
            c: several(self._values.get(c, ())) for c in ("births", "countries", "regimes", "identifiers")
        }
        return found | {
            "list": whose,
            "authority": authority,
            "entry_id": self.first("entry_id") or self.first("second_id"),
            "name": every[0] if every else None,
            "aliases": several(every[1:]),
            "weak_aliases": several(one for one in weak if one not in names and one not in others),
            "kind": self.first("kind") or "unknown",
            "programme": "; ".join(self._values.get("programme", ())) or None,
            "listed_on": min(self._values.get("listed_on", ()), default=None),
            "removed_on": max(self._values.get("removed_on", ()), default=None),
            "published": max(self._values.get("published", ()), default=None),
            "addresses": LIST.join(self._values.get("addresses", ())) or None,
            "remarks": "; ".join(self._values.get("remarks", ())) or None,
        }


def fault_of(cells: dict[str, str | None]) -> str:
    """Why an entry cannot stand; empty where it can."""
    if not cells["entry_id"]:
        return "the entry has no number by which the list knows it"
    return "" if cells["name"] else "the entry has no name"
