"""Which column of shipments the concepts of a header make, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from diversion.ingest.words import Words, read

Flow = Literal["import", "export", ""]

_ROLES = {
    # concept: role, how sure a header that only names it is. The first of a header counts.
    "notify": ("notify_party", 0.93),
    "end_user": ("end_user", 0.92),
    "forwarder": ("forwarder", 0.9),
    "declarant": ("declarant", 0.85),
    "exporter": ("exporter", 0.93),
    "importer": ("consignee", 0.93),
    "consignee": ("consignee", 0.92),
    "seller": ("exporter", 0.87),
    "buyer": ("consignee", 0.87),
    "carrier": ("carrier", 0.88),
    "bank": ("bank", 0.8),
}
_ATTRIBUTES = (
    ("taxid", "identifier", 0.95),
    ("zip", "", 0.0),
    ("state", "", 0.0),
    ("city", "", 0.0),
    ("phone", "contact", 0.9),
    ("email", "contact", 0.85),
    ("web", "", 0.0),
    ("address", "address", 0.97),
    ("country", "country", 0.97),
    ("origin", "country", 0.5),
    ("code", "identifier", 0.85),
    ("number", "identifier", 0.8),
)
_NEVER = {
    "duty",
    "freight",
    "rate",
    "percent",
    "unit_price",
    "survey",
    "marks",
    "brand",
    "records_tag",
    "voyage",
}
_TRADE = {
    **dict.fromkeys(
        ("notify", "exporter", "consignee", "importer", "declarant", "hs", "bill", "master"), 2.0
    ),
    **dict.fromkeys(("declaration", "loading", "discharge", "assessed", "statistical", "cif", "fob"), 2.0),
    **dict.fromkeys(("pallet", "vessel", "incoterm", "office", "duty", "freight", "shipmentref"), 1.0),
    **dict.fromkeys(("origin", "destination", "dispatch", "gross", "net", "import", "export", "port"), 1.0),
    **dict.fromkeys(("forwarder", "licence", "departure", "arrival", "eta", "etd", "costing", "flow"), 1.0),
    **dict.fromkeys(("seller", "buyer", "transport", "pack", "carrier", "voyage", "foreign", "partner"), 0.5),
    "survey": -2.0,
    "phone": -0.3,
    "email": -0.3,
}
Meaning = tuple[str, float]
_Rule = tuple[str, float, str, str]

_RULES: tuple[_Rule, ...] = (
    # column, confidence, concepts that must be there (a|b is either), concepts that must not.
    ("flow", 0.85, "flow", "date number"),
    ("flow", 0.6, "type declaration|import|export", "date number value goods"),
    ("", 0, "type", "currency unit weight"),
    # Days.
    ("", 0, "date|eta|etd invoice|licence|lc|unwanted_date|contract", ""),
    ("departed_on", 0.6, "period", ""),
    ("departed_on", 0.6, "year month", ""),
    ("arrived_on", 0.93, "eta", ""),
    ("departed_on", 0.93, "etd", ""),
    ("departed_on", 0.9, "date master|bill", ""),
    ("arrived_on", 0.92, "date arrival", ""),
    ("departed_on", 0.92, "date departure", ""),
    ("arrived_on", 0.9, "date import", "export"),
    ("departed_on", 0.9, "date export", "import"),
    ("@date", 0.85, "date declaration|registration|office", ""),
    ("@date", 0.6, "date", "value amount goods origin exporter importer"),
    ("arrived_on", 0.5, "arrival", "port loading discharge place country origin destination transport"),
    ("year", 0.8, "year", "value goods brand quantity weight"),
    ("month", 0.8, "month", "value goods quantity weight"),
    ("day", 0.7, "day", "value goods quantity weight"),
    # Amounts.
    ("currency", 0.92, "currency", "value price fob cif assessed statistical rate costing"),
    ("currency", 0.6, "currency code|name", "rate"),
    ("weight_unit", 0.9, "unit weight", "value price per"),
    ("weight_unit", 0.8, "unit net|gross", "value price per"),
    ("", 0, "unit value|price|fob|cif|assessed", "code name"),
    ("gross_weight_kg", 0.93, "gross weight|unit:kg|unit:t|unit:lb|unit:g", "value price"),
    ("gross_weight_kg", 0.6, "gross", "value price fob"),
    ("weight_kg", 0.93, "net weight|unit:kg|unit:t|unit:lb|unit:g", "value price"),
    ("weight_kg", 0.6, "net", "value price fob"),
    ("weight_kg", 0.86, "weight", "value price fob cif goods"),
    ("value_usd", 0.8, "statistical value|currency:USD", "quantity unit"),
    ("@value", 0.9, "fob", "quantity port"),
    ("@value", 0.88, "costing", "quantity currency number"),
    ("@value", 0.84, "assessed", "quantity office"),
    ("@value", 0.85, "cif", "quantity port"),
    ("@value", 0.86, "invoice value|price", "quantity number"),
    ("@value", 0.88, "total value|price", "quantity number"),
    ("@value", 0.8, "statistical", "quantity number weight unit"),
    ("@value", 0.85, "value", "quantity number"),
    ("@value", 0.5, "price", "quantity"),
    ("unit", 0.9, "unit quantity", ""),
    ("unit", 0.88, "unit", "country state port origin destination"),
    ("quantity", 0.62, "pack", "unit type"),
    ("quantity", 0.9, "quantity", "type"),
    # Papers.
    ("", 0, "invoice|contract", ""),
    ("master_bill", 0.9, "master", ""),
    ("bill_of_lading", 0.9, "bill", ""),
    ("line", 0.85, "line", ""),
    ("shipment_id", 0.88, "shipmentref", ""),
    ("shipment_id", 0.86, "declaration", "name address country port office goods"),
    ("shipment_id", 0.5, "record", ""),
    ("", 0, "serial", ""),
    ("licence", 0.8, "licence", "goods"),
    ("instrument_id", 0.85, "lc", ""),
    ("end_use", 0.85, "use", ""),
    ("vessel", 0.9, "vessel", ""),
    # Places.
    ("exporter_country", 0.5, "country port|place loading|departure|origin", ""),
    ("consignee_country", 0.5, "country port|place discharge|arrival|destination", ""),
    ("exporter_country", 0.5, "country loading", ""),
    ("consignee_country", 0.5, "country discharge", ""),
    ("port_of_loading", 0.9, "loading", "date transport"),
    ("port_of_discharge", 0.9, "discharge", "date transport"),
    ("port_of_loading", 0.85, "port departure|export|origin|dispatch|exporter", ""),
    ("port_of_discharge", 0.85, "port arrival|import|destination|registration", ""),
    ("@foreign_port", 0.75, "port foreign", ""),
    ("@port", 0.6, "port", "number type"),
    ("origin_country", 0.93, "origin country", "place goods"),
    ("consignee_country", 0.92, "destination country", "place"),
    ("exporter_country", 0.9, "dispatch country", ""),
    ("exporter_country", 0.88, "country export|departure", ""),
    ("consignee_country", 0.88, "country import|arrival", ""),
    ("@partner", 0.75, "country foreign|partner", ""),
    ("@partner", 0.75, "partner", "name address taxid"),
    ("@reporter", 0.75, "country reporter", ""),
    ("@reporter", 0.75, "reporter", ""),
    ("exporter_country", 0.7, "dispatch", "place"),
    ("origin_country", 0.6, "origin", "place type code"),
    ("consignee_country", 0.6, "destination", "place type code"),
    ("@country", 0.6, "country", "currency"),
    ("", 0, "place|office|pallet|transport|incoterm|pack", ""),
    # Goods.
    ("description", 0.72, "hs description|name|goods", "code number"),
    ("hs_code", 0.93, "hs", "type"),
    ("hs_code", 0.46, "goods code", "description name"),
    ("description", 0.93, "goods description", "number"),
    ("description", 0.9, "goods name", "number"),
    ("description", 0.84, "goods", "number state city"),
    ("description", 0.86, "description", "number name"),
    # A party whose side only the rest of the table tells.
    ("@party_identifier", 0.7, "company|name code|number|taxid", ""),
    ("@party_identifier", 0.6, "taxid", ""),
    ("@party_address", 0.6, "address", "email"),
    ("@party", 0.65, "company", ""),
    ("@party", 0.5, "name", "code number"),
)


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
    words = read(header)
    column, sure = _column(words, flow)
    sure = round(sure * _known(words) * _level(column, words), 2)
    if not column or sure < 0.2:
        return Named(header, words, ())
    return Named(header, words, ((column, sure),))


def trade(headers: Iterable[str]) -> float:
    """How far headers speak of trade over borders, whatever column they are; 0 for none."""
    said: set[str] = set()
    for header in headers:
        words = read(header)
        if words.unknown < 4:
            said.update(words.concepts)
    return sum(_TRADE.get(concept, 0.0) for concept in said)


def flow_of(headers: Iterable[str]) -> Flow:
    """Whether a table tells of imports or of exports, by its headers.

    >>> flow_of(["Bill of entry date", "Importer", "Foreign supplier"]), flow_of(["Shipper", "Consignee"])
    ('import', '')
    """
    told = [(header, set(read(header).concepts)) for header in headers]
    score = sum(_leans(header, said) for header, said in told)
    everything = {concept for _, said in told for concept in said}
    sides = bool(everything & {"importer", "consignee"}) - bool(everything & {"exporter", "seller"})
    score += sides if everything & {"importer", "consignee", "exporter"} else 0
    return "import" if score > 0 else "export" if score < 0 else ""


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
    score += bool({"arrival", "eta"} & said) + ("importer" in said)
    return score - ("exporter" in said and bool(said & {"code", "taxid"}))


def _known(words: Words) -> float:
    """Words that mean nothing make a header less sure, many of them make it a sentence."""
    known = len(words.concepts) or 1
    return known / (known + 0.35 * words.unknown * (1 + words.unknown / 4))


def _level(column: str, words: Words) -> float:
    """Of several codes the whole one, of several addresses the first, of several amounts the main one."""
    last = words.numbers[-1] if words.numbers else 0
    if column == "hs_code":
        return {2: 0.6, 4: 0.75, 6: 0.93}.get(last, 1.0)
    if column in ("value", "value_usd") and "goods" in words.concepts:
        return 1.08
    worse = 0.92 if last in (2, 3, 4, 5) else 1.0
    return worse * (0.92 if "standard" in words.concepts else 1.0)


def _column(words: Words, flow: Flow) -> Meaning:
    said = set(words.concepts)
    if said & _NEVER:
        return "", 0.0
    for concept, (role, sure) in _ROLES.items():
        if concept in said:
            return _of_role(said, _side(said, role, flow), sure)
    if said & {"import", "export"} and said <= {
        "import",
        "export",
        "name",
        "address",
        "taxid",
        "phone",
        "city",
    }:
        if len(said) > 1 and not {"import", "export"} <= said:
            return _of_role(said, "exporter" if "export" in said else "consignee", 0.85)
    if (
        "foreign" in said
        and said & {"name", "company", "address"}
        and not said & {"port", "goods", "currency"}
    ):
        return _of_role(said, {"export": "consignee"}.get(flow, "exporter"), 0.8)
    for column, sure, needs, never in _RULES:
        if all(said.intersection(one.split("|")) for one in needs.split()) and not said.intersection(
            never.split()
        ):
            return _resolved(column, sure, words, flow)
    return _by_unit(words)


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
    for concept, attribute, share in _ATTRIBUTES:
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
