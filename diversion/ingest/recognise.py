"""The columns of a table of shipments, told by their headers and by what stands below them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from diversion.ingest.contents import Look, looks
from diversion.ingest.judging import PARTY_WORDS, judged
from diversion.ingest.meanings import Flow, Named, flow_of, meanings

ALIKE = 0.97
"""Confidence of a canonical name but for case and punctuation."""
LEAST = 0.35
"""Confidence below which a column is not taken."""
MANY = 8
"""Different numbers of which more are amounts rather than codes."""
ENOUGH = 0.5
"""Confidence below which a table is not taken for one of shipments unasked."""


@dataclass(frozen=True)
class Hit:
    """A header taken for a column."""

    column: str
    at: int
    confidence: float


@dataclass(frozen=True)
class Table:
    """Headers with what stands below them."""

    header: Sequence[str]
    looks: Sequence[Look | None]

    @classmethod
    def of(cls, header: Sequence[str], sample: Sequence[Sequence[str]]) -> Table:
        """A header with rows below it, which may be none."""
        return cls(header, looks(sample, len(header)) if sample else [])

    def look(self, at: int) -> Look | None:
        """What the column at a position holds; None where that is not known."""
        return self.looks[at] if self.looks else None


def recognise(
    table: Table, taken: Mapping[str, int], allowed: Collection[str], alike: Mapping[int, str]
) -> list[Hit]:
    """Columns of `allowed` that the headers not in `taken` are, the surest first; each header once.

    `taken` are columns that are known otherwise; `alike` are positions of headers that are the canonical
    name of a column but for case and punctuation.
    """
    flow = flow_of(table.header)
    busy = set(taken.values())
    named = {at: meanings(text, flow) for at, text in enumerate(table.header) if at not in busy}
    for at in named.keys() & alike.keys():
        named[at] = replace(named[at], meanings=((alike[at], ALIKE),))
    hits = [hit for at, one in named.items() if (hit := _judged(table, at, one))]
    hits += [hit for at, one in named.items() if (hit := _by_content(table, at, one, flow))]
    hits += _units_that_count(table, named)
    hits += _beside_parties(table, named, taken)
    hits.sort(key=lambda hit: (-hit.confidence, hit.at))
    chosen: dict[str, Hit] = {}
    for hit in hits:
        wanted = hit.column in allowed and hit.column not in taken and hit.confidence >= LEAST
        if wanted and hit.column not in chosen and hit.at not in busy:
            chosen[hit.column] = hit
            busy.add(hit.at)
    _by_need(table, chosen, {*taken, *chosen}, named, busy)
    _other_side(table, chosen, taken, named, busy)
    _unit_beside(chosen, hits, taken)
    return [hit for hit in chosen.values() if hit.column in allowed]


def _judged(table: Table, at: int, named: Named) -> Hit | None:
    if not named.meanings:
        return None
    column, sure = named.meanings[0]
    column, sure = judged(column, sure, table.look(at)) if table.looks else (column, sure)
    return Hit(column, at, round(sure, 2)) if sure >= LEAST else None


def _by_content(table: Table, at: int, named: Named, flow: Flow) -> Hit | None:
    """A column whose header says nothing, told by its values alone; a header that is known says no."""
    found = table.look(at)
    if found is None or found.filled < 2:
        return None
    if set(named.words.concepts) == {"name"} and found.company < 0.1 and found.length > 15:
        return Hit("description", at, 0.55)
    if "type" in named.words.concepts and found.flow_word == 1.0 and not named.meanings:
        return Hit("flow", at, 0.7)
    spoken = named.meanings or (named.words.concepts and named.words.unknown < 1)
    if spoken or found.filled < 3:
        return None
    told = _told(found, flow)
    return Hit(told[0], at, told[1]) if told else None


def _units_that_count(table: Table, named: Mapping[int, Named]) -> list[Hit]:
    """Numbers below `Units` are their quantity where another column names the unit, and none counts."""
    hits = []
    for at, one in named.items():
        found = table.look(at)
        units = bool(one.meanings) and one.meanings[0][0] == "unit"
        if units and found and found.number > 0.8 and found.unit < 0.3:
            hits.append(Hit("quantity", at, 0.46 if found.different > MANY else 0.36))
    return hits


def _told(found: Look, flow: Flow) -> tuple[str, float] | None:
    """What a column is by its values alone."""
    varied = found.distinct < 0.98 or found.filled < 20
    arrival = "arrived_on" if flow == "import" else "departed_on"
    tests: tuple[tuple[bool, str, float], ...] = (
        (found.hs > 0.95 and found.length > 5.5 and found.day < 0.5 and varied, "hs_code", 0.5),
        (found.day > 0.95 and found.length > 6 and found.number < 0.5, arrival, 0.5),
        (found.currency > 0.95 and found.country < 0.5, "currency", 0.45),
        (_is_text(found), "description", 0.4),
    )
    return next(((column, sure) for holds, column, sure in tests if holds), None)


UNWANTED = {"unwanted_date"}
NO_DAY = frozenset({"birth", "expiry", "validity", "valid"})
NO_GOODS = frozenset(
    [
        *("declaration", "bill", "master", "container", "taxid", "phone", "licence"),
        *("price", "unit_price", "value", "number", "weight", "quantity"),
    ]
)


def _by_need(
    table: Table, chosen: dict[str, Hit], known: set[str], named: Mapping[int, Named], busy: set[int]
) -> None:
    """Without any day, or any code of goods, the first column that plainly holds them is taken."""
    flow = flow_of(table.header)
    needs: list[tuple[str, frozenset[str], Callable[[Look, Named], bool]]] = []
    if not known & {"departed_on", "arrived_on", "year"}:
        column = "arrived_on" if flow == "import" else "departed_on"
        needs.append((column, NO_DAY, _plainly_days))
    if not known & {"hs_code"}:
        needs.append(("hs_code", NO_GOODS, _plainly_codes))
    for column, never, holds in needs:
        for at, one in named.items():
            found = table.look(at)
            if at in busy or found is None or found.filled < 3 or never & set(one.words.concepts):
                continue
            if holds(found, one):
                chosen[column] = Hit(column, at, 0.55)
                busy.add(at)
                break


def _plainly_days(found: Look, named: Named) -> bool:
    """Days as text, or as a workbook counts them where the header speaks of a day."""
    said = set(named.words.concepts)
    return found.day > 0.9 and (found.length > 5 or bool(said & {"date", "day"} and not said & UNWANTED))


def _plainly_codes(found: Look, named: Named) -> bool:
    varied = found.distinct < 0.6 or found.filled < 20
    return found.chapter > 0.95 and found.day < 0.5 and varied


def _is_text(found: Look) -> bool:
    return found.length > 25 and found.company < 0.3 and found.address < 0.5 and found.letters > 0.95


def _beside_parties(table: Table, named: Mapping[int, Named], taken: Mapping[str, int]) -> list[Hit]:
    """A bare `Address`, `Country` or tax number is that of the party to its left, else to its right."""
    parties = {
        at: one.meanings[0][0] for at, one in named.items() if one.meanings and one.meanings[0][1] > 0.4
    }
    parties = {at: column for at, column in parties.items() if column in PARTY_WORDS}
    parties |= {at: column for column, at in taken.items() if column in PARTY_WORDS}
    hits = []
    for at, one in named.items():
        said = set(one.words.concepts) - {"number", "code", "name"}
        what = _OWN.get(said.pop()) if len(said) == 1 and not one.words.unknown else None
        near = next((place for place in (at - 1, at - 2, at - 3, at + 1) if place in parties), None)
        if what is None or near is None or (table.look(at) is None and table.looks):
            continue
        column, sure = f"{parties[near]}_{what}", 0.72 if near < at else 0.66
        column, sure = judged(column, sure, table.look(at)) if table.looks else (column, sure)
        hits.append(Hit(column, at, round(sure, 2)))
    return hits


_OWN = {
    "address": "address",
    "taxid": "identifier",
    "phone": "contact",
    "email": "contact",
    "country": "country",
}


def _other_side(
    table: Table, chosen: dict[str, Hit], taken: Mapping[str, int], named: Mapping[int, Named], busy: set[int]
) -> None:
    """A bare `Company` or `Name` beside one named side is the other one."""
    for mine, other in (("exporter", "consignee"), ("consignee", "exporter")):
        if mine in chosen or mine in taken or not (other in chosen or other in taken):
            continue
        for at, one in named.items():
            plain = (
                set(one.words.concepts) <= {"company", "name"}
                and one.words.concepts
                and not one.words.unknown
            )
            found = table.look(at)
            if at not in busy and plain and (found is None or found.number < 0.5):
                chosen[mine] = Hit(mine, at, 0.5)
                busy.add(at)
                break


def _unit_beside(chosen: dict[str, Hit], hits: Sequence[Hit], taken: Mapping[str, int]) -> None:
    """Of several units the one that stands beside the quantity."""
    quantity = chosen["quantity"].at if "quantity" in chosen else taken.get("quantity")
    if quantity is None or "unit" not in chosen:
        return
    held = {hit.at for name, hit in chosen.items() if name != "unit"} | set(taken.values())
    units = [h for h in hits if h.column == "unit" and h.at not in held]
    if units:
        near = min(units, key=lambda hit: (abs(hit.at - quantity), hit.at < quantity))
        if near.confidence > chosen["unit"].confidence - 0.2:
            chosen["unit"] = near
