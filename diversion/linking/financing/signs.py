"""What speaks for a link and what against it, each with its weight and in words.

The score of a link is the chance that not all that speaks for it is accidental, one less the product of
(1 - weight), times the factor of each thing that speaks against it. The weights are a judgement of the
project, not a measurement.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from diversion.linking.financing.bench import Bench
from diversion.linking.financing.reach import AROUND, EARLY

_STOP = (
    "goods items total amount invoice payment contract price with from origin country code pieces sets unit "
    "units type model parts spare other than under sales order proforma commercial harmonized product "
    "products equipment machine machines the and for per dated number against shipment delivery part "
    "advance balance quantity each only made made new used description"
)


@dataclass(frozen=True)
class Sign:
    """SQL over a pair, the weight (what it adds, 0 to 1) or factor (what remains), and SQL of the words."""

    when: str
    weight: float
    words: str


Signs = tuple[Sign, ...]


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"


FOR: Signs = (
    Sign("rank = 1", 1.0, _text("the shipment names this instrument")),
    Sign("rank = 2", 0.95, _text("it names the letter of credit of the shipment")),
    Sign("rank = 3", 0.95, _text("it names the bill of lading")),
    Sign("rank = 4", 0.9, _text("it names the number of the shipment")),
    Sign("seller = 4", 0.25, _text("the exporter is paid")),
    Sign("seller = 3", 0.2, _text("the exporter is paid, but for the legal form")),
    Sign("seller = 2", 0.12, _text("who is paid has the address of the exporter")),
    Sign("seller = 1", 0.1, _text("who is paid has the name of the exporter, in another country")),
    Sign("buyer = 4", 0.25, "'the ' || buyer_role || ' pays'"),
    Sign("buyer = 3", 0.2, "'the ' || buyer_role || ' pays, but for the legal form'"),
    Sign("buyer = 2", 0.12, "'who pays has the address of the ' || buyer_role"),
    Sign("buyer = 1", 0.1, "'who pays has the name of the ' || buyer_role || ', in another country'"),
    Sign("money = 'equal'", 0.4, "'same amount: ' || sums"),
    Sign("money = 'close'", 0.25, "'amounts within 5 %: ' || sums"),
    Sign("money = 'within'", 0.1, "'value within the credit: ' || sums"),
    Sign("day = 'in' AND credit", 0.1, "'shipped ' || shipped || ', within the days of the credit'"),
    Sign("day = 'in' AND NOT credit", 0.1, "'shipped ' || shipped || ', within 180 days of the payment'"),
    Sign("hs = 6", 0.35, "'same HS code ' || hs6"),
    Sign("hs = 4", 0.25, "'same HS heading ' || left(hs6, 4)"),
    Sign("hs IS NULL AND len(words) > 1", 0.3, "'same goods: ' || array_to_string(words, ', ')"),
    Sign("hs IS NULL AND len(words) = 1", 0.15, "'same goods: ' || words[1]"),
    Sign("loading", 0.08, _text("same port of loading")),
    Sign("discharge", 0.08, _text("same port of discharge")),
)
AGAINST: Signs = (
    Sign("seller IS NULL AND seller_known", 0.8, _text("somebody else than the exporter is paid")),
    Sign("buyer IS NULL AND buyer_known", 0.8, _text("no receiver of the goods pays")),
    Sign("rank IS NULL AND credit AND other_number", 0.5, _text("the shipment names another instrument")),
    Sign("rank IS NULL AND other_bill", 0.5, _text("it names other bills of lading")),
    Sign("money = 'over'", 0.6, "'the value is above the credit: ' || sums"),
    Sign("money = 'part'", 0.85, "'partial shipments are not allowed, and it is a part: ' || sums"),
    Sign("money = 'other'", 0.6, "'other amount: ' || sums"),
    Sign("money = 'currency'", 0.85, "'amounts in other currencies: ' || sums"),
    Sign("day = 'late' AND late <= 21", 0.75, "'shipped ' || shipped || ', after the last day ' || last_day"),
    Sign(
        "day = 'late' AND late > 21", 0.4, "'shipped ' || shipped || ', long after the last day ' || last_day"
    ),
    Sign("day = 'early'", 0.4, "'shipped ' || shipped || ', long before the issue on ' || issued_on"),
    Sign(
        "day = 'far'",
        0.4,
        "'shipped ' || shipped || ', more than 180 days from the payment on ' || issued_on",
    ),
    Sign("hs = 0", 0.6, "'other goods: HS ' || hs6"),
    Sign("NOT loading", 0.9, _text("other port of loading")),
    Sign("NOT discharge", 0.9, _text("other port of discharge")),
)
_LATE = ("hs", "loading", "discharge", "NOT loading", "NOT discharge")
_EARLY: tuple[Signs, Signs] = (
    tuple(sign for sign in FOR if not sign.when.startswith(_LATE)),
    tuple(sign for sign in AGAINST if not sign.when.startswith(_LATE)),
)
_HOPE = (1 - 0.35) * (1 - 0.08) ** 2
"""What goods and ports leave of the chance that all is accidental, where all of them agree."""


def _words(text: str) -> str:
    """SQL of the telling words of a text, without the plural."""
    stop = ", ".join(f"'{word}'" for word in dict.fromkeys(_STOP.split()))
    return (
        rf"list_distinct(list_transform(list_filter(regexp_extract_all(lower(strip_accents({text})), "
        rf"'\pL{{3,}}'), lambda w: w NOT IN ({stop})), lambda w: regexp_replace(w, '(.{{3}})s$', '\1')))"
    )


def _alike(one: str, other: str) -> str:
    """SQL: whether two ports have a word in common; null where one is not told."""
    return (
        f"CASE WHEN {one} IS NOT NULL AND {other} IS NOT NULL THEN "
        f"len(list_intersect({_place(one)}, {_place(other)})) > 0 END"
    )


def _place(text: str) -> str:
    return (
        rf"list_filter(regexp_extract_all(lower(strip_accents({text})), '\pL{{3,}}'), "
        "lambda w: w NOT IN ('port', 'ports', 'airport', 'any', 'the', 'sea', 'new', 'san', 'terminal'))"
    )


_HS = r"(?i)\bh\.?s\.?(?:\s*(?:code|no|tariff))*\s*(?:no)?\s*[.:#]*\s*([0-9]{4}(?:[. ]?[0-9]{2})?)"
_CODES = (
    f"list_transform(regexp_extract_all(goods, '{_HS}', 1), lambda c: regexp_replace(c, '[^0-9]', '', 'g'))"
)
_SELLER = """
CREATE TABLE paid AS SELECT p.instrument, p.shipment, max(grade) AS seller FROM pair p
JOIN near s USING (shipment) JOIN ends e ON e.instrument = p.instrument AND e.seller AND e.party = s.exporter
GROUP BY ALL"""
_BUYER = """
CREATE TABLE payer AS SELECT p.instrument, p.shipment, max(grade * 4 + place) // 4 AS buyer,
  max(grade * 4 + place) % 4 AS place FROM pair p JOIN buyer b USING (shipment)
JOIN ends e ON e.instrument = p.instrument AND e.party = b.party AND NOT e.seller GROUP BY ALL"""
_AMOUNTS = """
CREATE TABLE sums AS SELECT p.instrument, p.shipment,
  arg_min({worth: w.amount, paid: m.amount, currency: m.currency},
    (abs(w.amount / m.amount - 1), m.currency, w.amount)) AS best
FROM pair p JOIN money m USING (instrument)
JOIN worth w ON w.shipment = p.shipment AND w.currency = m.currency
GROUP BY ALL"""
_KNOWN = """
CREATE TABLE known AS SELECT instrument, bool_or(seller) AS sellers, bool_or(NOT seller) AS buyers
FROM side GROUP BY instrument"""
_GOODS = f"""
CREATE TABLE goods AS SELECT n AS instrument, {_CODES} AS codes, {_words("goods")} AS words FROM instrument"""
_DESCRIBED = f"""
CREATE TABLE described AS SELECT description, {_words("description")} AS words FROM (
  SELECT DISTINCT description FROM shipment WHERE n IN (SELECT shipment FROM likely))"""
_FACTS = f"""
CREATE TABLE fact AS
  SELECT p.instrument, p.shipment, n.rank, seller, buyer, place, i.credit, i.last_day, i.issued_on,
    coalesce(k.sellers, false) AND s.exporter IS NOT NULL AS seller_known,
    coalesce(k.buyers, false) AND coalesce(s.consignee, s.notify_party, s.end_user) IS NOT NULL
      AS buyer_known,
    s.instrument_id IS NOT NULL AS other_number,
    len(i.bills_of_lading) > 0 AND coalesce(s.bill_of_lading, s.master_bill) IS NOT NULL AS other_bill,
    a.best.worth / a.best.paid AS ratio, a.best AS best,
    i.amount AS paid, i.currency AS paid_in, s.value AS worth, s.currency AS worth_in,
    CASE
      WHEN ratio IS NULL THEN CASE WHEN i.currency <> s.currency AND s.value > 0 AND i.amount > 0
        THEN 'currency' END
      WHEN abs(ratio - 1) <= 0.01 THEN 'equal'
      WHEN NOT i.credit THEN CASE WHEN abs(ratio - 1) <= 0.05 THEN 'close' ELSE 'other' END
      WHEN ratio > 1.01 + i.over THEN 'over'
      WHEN abs(ratio - 1) <= greatest(0.05, i.below) THEN 'close'
      WHEN i.whole THEN 'part'
      ELSE 'within' END AS money,
    coalesce(s.departed_on, s.arrived_on) AS shipped,
    date_diff('day', i.last_day, shipped) - CASE WHEN s.departed_on IS NULL THEN 60 ELSE 0 END AS late,
    CASE
      WHEN shipped IS NULL OR (i.issued_on IS NULL AND i.last_day IS NULL) THEN NULL
      WHEN NOT i.credit THEN
        CASE WHEN abs(date_diff('day', i.issued_on, shipped)) <= {AROUND} THEN 'in' ELSE 'far' END
      WHEN coalesce(s.departed_latest, shipped) < i.issued_on - {EARLY} THEN 'early'
      WHEN late > 0 THEN 'late' ELSE 'in' END AS day
  FROM pair p JOIN instrument i ON i.n = p.instrument JOIN shipment s ON s.n = p.shipment
  LEFT JOIN named n USING (instrument, shipment) LEFT JOIN paid USING (instrument, shipment)
  LEFT JOIN payer USING (instrument, shipment) LEFT JOIN sums a USING (instrument, shipment)
  LEFT JOIN known k USING (instrument)"""
_DETAILS = f"""
CREATE TABLE detailed AS
  SELECT f.*, s.hs6,
    CASE
      WHEN s.hs6 IS NULL OR len(g.codes) = 0 OR g.codes IS NULL THEN NULL
      WHEN list_contains(g.codes, s.hs6) THEN 6
      WHEN list_contains(list_transform(g.codes, lambda c: left(c, 4)), left(s.hs6, 4)) THEN 4
      WHEN list_contains(list_transform(g.codes, lambda c: left(c, 2)), left(s.hs6, 2)) THEN 2
      ELSE 0 END AS hs,
    list_intersect(g.words, t.words) AS words,
    {_alike("i.port_of_loading", "s.port_of_loading")} AS loading,
    {_alike("i.port_of_discharge", "s.port_of_discharge")} AS discharge
  FROM likely f JOIN instrument i ON i.n = f.instrument JOIN shipment s ON s.n = f.shipment
  LEFT JOIN goods g USING (instrument) LEFT JOIN described t USING (description)"""
_WRITTEN = """
  coalesce(format('{:,.2f} of {:,.2f} {}', best.worth, best.paid, best.currency),
    format('{:,.2f} {} and {:,.2f} {}', worth, worth_in, paid, paid_in)) AS sums,
  CASE place WHEN 3 THEN 'consignee' WHEN 2 THEN 'notify party' ELSE 'end user' END AS buyer_role,
  list_sort(words) AS words"""


def weighed(bench: Bench, least: float) -> pa.Table:
    """The links with a score of at least `least`: places of instrument and shipment, score and words.

    Goods and ports are looked at only where they could still lift a link so far.
    """
    bench.run(_SELLER, _BUYER, _AMOUNTS, _KNOWN, _FACTS)
    likely, hope = _score(_EARLY), f"{_chance(_EARLY[0])} * {_HOPE:.6f}e0"
    bench.run(
        f"CREATE TABLE likely AS SELECT * FROM fact WHERE {likely} >= {least} "
        f"OR (1 - {hope}) * {_against(_EARLY[1])} >= {least} - 0.001"
    )
    bench.run(_GOODS, _DESCRIBED, _DETAILS)
    bench.run(
        f"CREATE TABLE link AS SELECT * FROM (SELECT *, round({_score((FOR, AGAINST))}, 3) AS score "
        f"FROM detailed) WHERE score >= {least}"
    )
    return bench.table(
        f"SELECT instrument, shipment, score, concat_ws('; but ', nullif({_told(FOR)}, ''), "
        f"nullif({_told(AGAINST)}, '')) AS why FROM (SELECT * EXCLUDE (words), {_WRITTEN} FROM link) "
        "ORDER BY instrument, shipment"
    )


def _chance(signs: Signs) -> str:
    return " * ".join(f"CASE WHEN {s.when} THEN {1 - s.weight:.2f}e0 ELSE 1e0 END" for s in signs)


def _against(signs: Signs) -> str:
    return " * ".join(f"CASE WHEN {s.when} THEN {s.weight}e0 ELSE 1e0 END" for s in signs)


def _score(signs: tuple[Signs, Signs]) -> str:
    return f"(1 - {_chance(signs[0])}) * {_against(signs[1])}"


def _told(signs: Signs) -> str:
    return "concat_ws('; ', " + ", ".join(f"CASE WHEN {s.when} THEN {s.words} END" for s in signs) + ")"
