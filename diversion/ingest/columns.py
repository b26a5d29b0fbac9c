"""Which columns each kind of file has, and by which headers they are known. Data first, two functions after.

A header is compared without case, spaces, underscores and punctuation. More layouts and languages are more
words in `KNOWN_AS`, nothing else.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from diversion.errors import BadInput
from diversion.ingest.report import Mapped

SAME, ALIKE, SYNONYM, WEAK = 1.0, 0.97, 0.9, 0.6
"""Confidence: the canonical name, the same but for case and punctuation, a synonym, an ambiguous word."""

ROLES = ("exporter", "consignee", "forwarder", "notify_party", "end_user", "carrier", "bank")


@dataclass(frozen=True)
class Kind:
    """A kind of file: its columns, and groups of which one column each must be there."""

    name: str
    columns: tuple[str, ...]
    required: tuple[tuple[str, ...], ...]


_SHIPMENT = (
    "shipment_id line departed_on arrived_on hs_code description quantity unit weight_kg value currency "
    "value_usd end_use licence instrument_id bill_of_lading known_on"
).split()
_ROLE_COLUMNS = [name for role in ROLES for name in (role, f"{role}_id", f"{role}_country")]
_CSL = (
    "_id source entity_number type programs name title addresses federal_register_notice start_date end_date "
    "license_requirement license_policy vessel_flag remarks alt_names citizenships nationalities ids"
).split()

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "shipments",
            (*_SHIPMENT, *_ROLE_COLUMNS),
            (
                ("exporter", "exporter_id"),
                ("consignee", "consignee_id"),
                ("departed_on", "arrived_on"),
                ("hs_code",),
            ),
        ),
        Kind(
            "ownership",
            ("owner", "owner_id", "owned", "owned_id", "share", "share_min", "share_max", "kind")
            + ("from", "until", "known_on"),
            (("owner", "owner_id"), ("owned", "owned_id")),
        ),
        Kind("us_csl", tuple(_CSL), (("source",), ("programs",), ("name",), ("addresses",), ("alt_names",))),
        Kind(
            "listings",
            ("party_id", "name", "authority", "programme", "effect", "listed_on", "removed_on", "country")
            + ("address", "aliases", "kind", "identifier", "remarks", "known_on"),
            (("name", "party_id", "address"), ("authority",)),
        ),
        Kind(
            "parties",
            ("party_id", "name", "kind", "country", "address", "incorporated_on", "identifier", "known_on"),
            (("party_id", "name"),),
        ),
    )
}

KNOWN_AS: dict[str, str] = {
    "shipment_id": "shipment no, shipment number, shipment ref, declaration no, declaration number, customs declaration number",
    "line": "line no, line number, item no, item number, position",
    "departed_on": "departure date, date of departure, departed, export date, ship date, shipped on, shipment date, "
    "etd, on board date",
    "arrived_on": "arrival date, date of arrival, arrived, import date, eta, received on",
    "exporter": "shipper, shipper name, exporter name, consignor, consignor name, seller, sender, supplier, supplier name",
    "exporter_country": "shipper country, country of exporter, consignor country, seller country, sender country, "
    "origin country, country of export, supplier country",
    "consignee": "consignee name, buyer, buyer name, importer, importer name, receiver, recipient",
    "consignee_country": "country of consignee, buyer country, importer country, destination country, "
    "country of destination, receiver country, recipient country",
    "hs_code": "hs, hs6, hscode, hs tariff code, tariff code, hts, hts code, hsn code, commodity code, customs code, "
    "harmonized code, harmonised code, cn code, tnved",
    "description": "goods, goods description, description of goods, product, product description, commodity, "
    "commodity description, cargo description",
    "quantity": "qty, amount of goods, number of units",
    "unit": "uom, unit of measure, unit of quantity, quantity unit, qty unit",
    "weight_kg": "weight, net weight, net weight kg, gross weight, gross weight kg, weight kgs, weight in kg, kg",
    "value": "amount, invoice value, customs value, declared value, total value, fob value, cif value, price",
    "value_usd": "value in usd, usd value, amount usd, total value usd, fob usd, cif usd, invoice value usd",
    "currency": "ccy, currency code, invoice currency",
    "forwarder": "freight forwarder, forwarding agent, forwarder name",
    "notify_party": "notify, notify party name",
    "end_user": "enduser, end user name, final user, final consignee, ultimate consignee",
    "end_use": "enduse, stated end use, declared end use",
    "licence": "license, licence number, license number, licence no, license no, export licence, export license",
    "carrier": "carrier name, shipping line, carrier scac",
    "bank": "issuing bank, advising bank, bank name",
    "instrument_id": "instrument, letter of credit, lc number, lc no, instrument number",
    "bill_of_lading": "bl, b/l, bol, bl no, bl number, bill of lading no, bill of lading number, awb, waybill",
    "known_on": "received, date known, known",
    "owner": "parent, shareholder, holder, owner name, parent name, interested party",
    "owned": "subsidiary, company owned, owned name, subsidiary name, subject, child",
    "owner_id": "parent id, shareholder id, holder id",
    "owned_id": "subsidiary id, child id",
    "share": "percent, percentage, pct, stake, share percent, share pct, ownership, ownership percent, "
    "ownership percentage, holding",
    "share_min": "min share, minimum share, share from, share minimum, share at least",
    "share_max": "max share, maximum share, share to, share maximum, share at most",
    "from": "valid from, since, start, start date, from date, held from",
    "until": "to, valid until, valid to, end, end date, to date, held until",
    "party_id": "id, entity id, company id, party no",
    "name": "party name, company, company name, entity name, party, full name",
    "kind": "type, party type, entity type, party kind",
    "country": "country code, party country, jurisdiction, registered country, nationality",
    "address": "addresses, registered address, street address, full address",
    "incorporated_on": "incorporated, incorporation date, date of incorporation, founded, founded on, founding date, "
    "registration date",
    "identifier": "identifiers, registration number, tax id, tax number, lei, inn, company number",
    "authority": "issuer, issued by, listing authority, list authority",
    "programme": "program, list, list name, sanctions list, regime",
    "effect": "effects, measure",
    "listed_on": "listed, listing date, date listed, designated on, date of designation",
    "removed_on": "removed, delisted, delisted on, delisting date, date removed",
    "aliases": "alias, aka, a k a, also known as, other names, alt names",
    "remarks": "remark, comment, comments, note, notes",
}
"""Canonical column → other headers, in words."""

AMBIGUOUS: dict[str, str] = {"departed_on": "date", "exporter_country": "origin", "consignee_country": "destination"}
"""Headers that are taken only where nothing better is there."""


@cache
def squeeze(header: str) -> str:
    """A header without case, accents, spaces and punctuation.

    >>> squeeze(" HS_Code. ") == squeeze("hs code")
    True
    """
    plain = unicodedata.normalize("NFKD", header).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


@cache
def _words(kind: str) -> dict[str, tuple[str, float]]:
    """Squeezed header → canonical column and confidence, the surest first."""
    found: dict[str, tuple[str, float]] = {}
    columns = KINDS[kind].columns
    for table, confidence in (({c: c for c in columns}, ALIKE), (KNOWN_AS, SYNONYM), (AMBIGUOUS, WEAK)):
        for canonical in columns:
            for word in table.get(canonical, "").split(","):
                if squeeze(word):
                    found.setdefault(squeeze(word), (canonical, confidence))
    if kind == "us_csl":
        # What a publisher calls its columns is no guess: only its own names count.
        return {word: hit for word, hit in found.items() if hit[1] == ALIKE}
    return found


@dataclass(frozen=True)
class Layout:
    """How one sheet is read: its kind, and for each canonical column the position of its header."""

    kind: str
    position: Mapping[str, int]
    mapping: Mapping[str, Mapped]


def lay_out(kind: str, header: Sequence[str], explicit: Mapping[str, str] | None = None) -> Layout:
    """The best mapping of `header` for `kind`; nothing is required here."""
    best: dict[str, tuple[float, int]] = {}
    for at, text in enumerate(header):
        canonical, confidence = _words(kind).get(squeeze(text), ("", 0.0))
        if text.strip() == canonical:
            confidence = SAME
        if canonical and confidence > best.get(canonical, (0.0, 0))[0]:
            best[canonical] = (confidence, at)
    named = {c: h for c, h in (explicit or {}).items() if c in KINDS[kind].columns and h in header}
    for canonical, text in named.items():
        at = list(header).index(text)
        best = {c: hit for c, hit in best.items() if hit[1] != at}
        best[canonical] = (SAME, at)
    order = [c for c in KINDS[kind].columns if c in best]
    return Layout(
        kind,
        {c: best[c][1] for c in order},
        {c: Mapped(header[best[c][1]], best[c][0]) for c in order},
    )


def missing(layout: Layout) -> list[tuple[str, ...]]:
    """Groups of required columns of which none is there."""
    groups = KINDS[layout.kind].required
    return [group for group in groups if not any(name in layout.position for name in group)]


def guess(
    header: Sequence[str], kind: str | None = None, explicit: Mapping[str, str] | None = None
) -> Layout | None:
    """The layout that recognises most of `header`, of `kind` if given; None where required columns miss.

    >>> layout = guess(["Shipper", "Consignee", "HS CODE", "Departure Date"])
    >>> layout.kind, layout.mapping["hs_code"].confidence
    ('shipments', 0.97)
    """
    layouts = [lay_out(name, header, explicit) for name in ([kind] if kind else KINDS)]
    whole = [layout for layout in layouts if not missing(layout)]
    return max(whole, key=_weight, default=None)


def _weight(layout: Layout) -> float:
    return sum(mapped.confidence for mapped in layout.mapping.values())


def demand(
    header: Sequence[str], kind: str | None, explicit: Mapping[str, str] | None, where: str
) -> Layout:
    """As `guess`, but raises `BadInput` that names what was found and what was expected."""
    _check_explicit(header, explicit, where)
    layout = guess(header, kind, explicit)
    if layout:
        return layout
    shown = ", ".join(repr(text[:40]) for text in header[:30]) or "none"
    nearest = max((lay_out(name, header, explicit) for name in ([kind] if kind else KINDS)), key=_weight)
    if kind or len(nearest.mapping) > 1:
        wants = "; ".join(" or ".join(group) for group in missing(nearest))
        raise BadInput(
            f"as {nearest.kind}, no column holds {wants}; the columns found are {shown}",
            where=where,
            hint=_hint(header, missing(nearest)),
        )
    raise BadInput(
        f"its columns do not tell what it holds: {shown}",
        where=where,
        hint=f"expected the columns of {', '.join(KINDS)}; name them with --mapping, or the kind with --as",
    )


def _check_explicit(header: Sequence[str], explicit: Mapping[str, str] | None, where: str) -> None:
    known = {name for kind in KINDS.values() for name in kind.columns}
    for canonical, text in (explicit or {}).items():
        if canonical not in known:
            raise BadInput(f"the mapping names {canonical!r}, which is no canonical column", where=where)
        if text not in header:
            close = difflib.get_close_matches(text, header, n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"the columns are {', '.join(header[:30])}"
            raise BadInput(f"the mapping names a column {text!r} that is not there", where=where, hint=hint)


def _hint(header: Sequence[str], groups: list[tuple[str, ...]]) -> str:
    words = [name for group in groups for name in group]
    close = [hit for name in words for hit in difflib.get_close_matches(name, header, n=1)]
    told = f" (perhaps {close[0]!r})" if close else ""
    return f"name it with --mapping: a TOML file with a line like {words[0]} = \"its header\"{told}"
