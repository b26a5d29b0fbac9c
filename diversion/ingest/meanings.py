"""Which column of shipments the concepts of a header make, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from diversion.ingest.rules import ATTRIBUTES, NEVER, ROLES, RULES, TRADE
from diversion.ingest.scales import scale
from diversion.ingest.words import Words, read

Flow = Literal["import", "export", ""]

Meaning = tuple[str, float]


@dataclass(frozen=True)
class Named:
    """What one header says: columns it may be, how sure, and the words behind it."""

    header: str
    words: Words
    meanings: tuple[Meaning, ...]


@lru_cache(maxsize=50_000)
def meanings(header: str, flow: Flow = "") -> Named:
    """The columns that a header may mean, by its words alone.

    >>> meanings("Consignee Address").meanings
    (('consignee_address', 0.89),)
    >>> meanings("Unit Price (USD)").meanings, meanings("Registration date", "import").meanings
    ((), (('arrived_on', 0.85),))
    """
    words = read(_within(header))
    column, sure = _column(words, flow)
    sure = round(sure * _known(words) * _level(column, words, header), 2)
    if not column or sure < 0.2:
        return Named(header, words, ())
    return Named(header, words, ((column, sure),))


def _within(header: str) -> str:
    """What says the most of a key within another: `weight.value` is a weight, `price.currency` a currency.

    >>> _within("weight.value"), _within("fob.value"), _within("monetary_value.currency")
    ('weight', 'fob.value', 'currency')
    """
    before, _, last = header.rpartition(".")
    if before and last == "currency":
        return last
    return before if last in ("value", "amount") and "weight" in read(before).concepts else header


def trade(headers: Iterable[str]) -> float:
    """How far headers speak of trade over borders, whatever column they are; 0 for none."""
    said: set[str] = set()
    for header in headers:
        words = read(header)
        said.update(words.concepts if words.unknown < 4 else {"survey"}.intersection(words.concepts))
    return sum(TRADE.get(concept, 0.0) for concept in said)


def flow_of(headers: Iterable[str]) -> Flow:
    """Whether a table tells of imports or of exports, by its headers.

    >>> flow_of(["Bill of entry date", "Importer", "Foreign supplier"]), flow_of(["Shipper", "Consignee"])
    ('import', '')
    """
    told = [(header, set(read(header).concepts)) for header in headers]
    score = sum(_leans(header, said) for header, said in told)
    everything = {concept for _, said in told for concept in said}
    sides = bool(everything & {"importer", "consignee"}) - ("exporter" in everything)
    score += sides if everything & {"importer", "consignee", "exporter"} else 0
    score = score or _hints(everything)
    return "import" if score > 0 else "export" if score < 0 else ""


_OF_IMPORTS = {"cif", "assessed", "freight", "origin", "dispatch", "importer", "consignee", "seller"}
"""What tables of imports say beside the value free on board."""


def _hints(everything: set[str]) -> int:
    """What values and places say of imports (above 0) or exports (below 0), where parties say nothing."""
    if everything & {"flow", "reporter"}:
        return 0
    if "destination" not in everything:
        if "fob" in everything and not everything & _OF_IMPORTS:
            return -1
        sent = {"origin", "dispatch"} <= everything
        return int(sent or ("cif" in everything and not everything & {"exporter", "buyer"}))
    return -int(not everything & {"cif", "importer", "consignee", "seller"})


def _leans(header: str, said: set[str]) -> int:
    """How far a header speaks of imports (above 0) or exports (below 0)."""
    plain = header.casefold().replace("_", " ").replace(".", " ")
    first = plain.split()[:1]
    score = 2 * ("bill of entry" in plain or first in (["be"], ["boe"], ["din"], ["pib"]))
    score -= 2 * ("shipping bill" in plain or first in (["sb"], ["dus"], ["peb"]))
    if not said & {"country", "port"}:
        score += ("import" in said) - ("export" in said)
    if "foreign" in said:
        score += 2 * bool(said & {"seller", "exporter"}) - 2 * bool(said & {"buyer", "consignee", "importer"})
    score += bool({"arrival", "eta"} & said) + bool(
        said & {"importer", "consignee"} and said & {"code", "taxid"}
    )
    return score - ("exporter" in said and bool(said & {"code", "taxid"}))


def _known(words: Words) -> float:
    """Words that mean nothing make a header less sure, many of them make it a sentence."""
    known = len(words.concepts) or 1
    return known / (known + 0.35 * words.unknown * (1 + words.unknown / 4))


def _level(column: str, words: Words, header: str) -> float:
    """Of several codes the whole one, of several addresses the first, of several amounts the main one."""
    last = words.numbers[-1] if words.numbers else 0
    if column == "hs_code":
        return {2: 0.6, 4: 0.75, 6: 0.93}.get(last, 1.0)
    if column in ("value", "value_usd") and scale(header) != 1:
        return 0.9
    if column in ("value", "value_usd") and "goods" in words.concepts:
        return 1.08
    worse = 0.92 if last in (2, 3, 4, 5) else 1.0
    return worse * (0.92 if "standard" in words.concepts else 1.0)


def _column(words: Words, flow: Flow) -> Meaning:
    said = set(words.concepts)
    if said & NEVER:
        return "", 0.0
    for concept, (role, sure) in ROLES.items():
        if concept in said:
            return _of_role(said, _side(said, role, flow), sure)
    if role := _side_of_flow(said, flow):
        return _of_role(said, role, 0.85)
    for column, sure, needs, never in RULES:
        if all(said.intersection(one.split("|")) for one in needs.split()) and not said.intersection(
            never.split()
        ):
            return _resolved(column, sure, words, flow)
    return _by_unit(words)


def _side_of_flow(said: set[str], flow: Flow) -> str:
    """The party of `IMP_NAME`, `Foreign company` or a partner; empty where a header is of no party."""
    sides, attributes = said & {"import", "export"}, {"name", "company", "address", "taxid", "phone", "city"}
    if len(sides) == 1 and said - sides and said - sides <= attributes:
        return "exporter" if "export" in sides else "consignee"
    if "counterparty" in said:
        return "consignee" if flow == "export" else "exporter"
    foreign = "foreign" in said and said & {"name", "company", "address"}
    if foreign and not said & {"port", "goods", "currency"}:
        return "consignee" if flow == "export" else "exporter"
    return ""


def _by_unit(words: Words) -> Meaning:
    """A header that is no more than a unit or a currency."""
    if words.concepts and all(c.startswith("unit:") or c in ("total", "quantity") for c in words.concepts):
        return "weight_kg", 0.6
    if words.currency and all(c.startswith("currency:") or c == "total" for c in words.concepts):
        return ("value_usd", 0.6) if words.currency == "USD" else ("value", 0.6)
    return "", 0.0


def _side(said: set[str], role: str, flow: Flow) -> str:
    """`Exporter/Importer` is the one that files the declaration."""
    both = said & {"exporter", "seller"} and said & {"importer", "consignee", "buyer"}
    return {"import": "consignee", "export": "exporter"}.get(flow, role) if both else role


def _of_role(said: set[str], role: str, sure: float) -> Meaning:
    if said & {"date", "value", "price", "fob", "cif", "quantity", "weight", "type", "hs", "currency", "eta"}:
        return "", 0.0
    if said & {"place", "unit", "declaration", "invoice", "licence", "contract", "bill"}:
        return "", 0.0
    if "port" in said:
        return {"exporter": ("port_of_loading", 0.5), "consignee": ("port_of_discharge", 0.5)}.get(
            role, ("", 0)
        )
    if {"name", "address"} <= said:
        return role, sure * 0.97
    for concept, attribute, share in ATTRIBUTES:
        if concept in said and not (concept in ("code", "number") and "name" in said):
            return (f"{role}_{attribute}" if attribute else "", sure * share)
    return role, sure


def _resolved(column: str, sure: float, words: Words, flow: Flow) -> Meaning:
    if column == "@date":
        return ("arrived_on" if flow == "import" else "departed_on"), sure
    if column == "@value":
        return ("value_usd" if words.currency == "USD" else "value"), sure
    importing = flow == "import"
    other, own = ("exporter", "consignee") if importing else ("consignee", "exporter")
    at = {
        "@port": "port_of_discharge" if importing else "port_of_loading",
        "@foreign_port": "port_of_loading" if importing else "port_of_discharge",
        "@partner": f"{other}_country",
        "@reporter": f"{own}_country",
        "@country": "origin_country" if importing else "consignee_country",
    }
    if column.startswith("@party"):
        return own + column[len("@party") :], sure if flow else sure * 0.6
    return at.get(column, column), sure
