"""Master bills of lading over the house bills that make them up: as a whole, or for one heading of goods."""

from __future__ import annotations

import duckdb

from diversion.linking.declared import LONG, NEAR, WORTH

_WHOLE = """
CREATE TABLE whole AS SELECT a.n, a.id, a.house, a.hs6, coalesce(a.flow, '') AS flow, a.shipment_id,
  coalesce(a.master, b.master) AS master, coalesce(a.weight_kg, b.weight_kg) AS weight_kg,
  CASE WHEN a.quantity IS NULL THEN b.quantity ELSE a.quantity END AS quantity,
  CASE WHEN a.quantity IS NULL THEN b.unit ELSE a.unit END AS unit,
  coalesce(a.value_usd, b.value_usd) AS value_usd,
  coalesce(a.departed_on, b.departed_on, a.arrived_on, b.arrived_on) AS day, a.bill_of_lading
FROM record a LEFT JOIN paired ON kept = a.n LEFT JOIN record b ON b.n = mirror
WHERE a.n NOT IN (SELECT mirror FROM paired)"""
"""What two declarations of one shipment say together is one record."""
_HOUSES = """
CREATE TABLE beneath AS SELECT *, master AS bill FROM whole
WHERE master IS NOT NULL AND house IS DISTINCT FROM master
  AND (master, shipment_id) NOT IN (SELECT house, shipment_id FROM whole WHERE house IS NOT NULL)"""
_MASTERS = """
CREATE TABLE above AS SELECT *, house AS bill FROM whole WHERE house IN (SELECT bill FROM beneath)
  AND (master IS NULL OR master = house
    OR master NOT IN (SELECT house FROM beneath WHERE house IS NOT NULL))"""
"""A master bill may stand under another one, which stands under none: no bill is made up of itself."""


def _all(column: str) -> str:
    return f"CASE WHEN count({column}) = count(*) THEN sum({column} ORDER BY n) END AS {column}"


_SUMS = (
    f"{_all('weight_kg')}, {_all('value_usd')}, "
    "CASE WHEN count(quantity) = count(*) AND count(unit) = count(*) AND count(DISTINCT unit) = 1 "
    "THEN sum(quantity ORDER BY n) END AS quantity, min(unit) AS unit, "
    "min(day) AS first, max(day) AS last, list_distinct(list(hs6)) AS codes, "
    "count(DISTINCT left(hs6, 4)) AS headings, count(hs6) = count(*) AS coded, min(id) AS id, "
    "count(DISTINCT coalesce(house, id)) AS bills"
)
"""A sum over some of the records says nothing, so it is null; added up in order, it is the same each time."""
_NEAR = f"abs(m.{{0}} - h.{{0}}) <= {NEAR} * m.{{0}}"
_ADDS_UP = (
    f"coalesce({_NEAR.format('weight_kg')}, m.unit = h.unit AND {_NEAR.format('quantity')}, FALSE) "
    "AND list_has_all(h.codes, m.codes) "
    f"AND coalesce(greatest(m.last, h.last) - least(m.first, h.first) <= {LONG}, TRUE) AND coalesce("
    f"greatest(m.value_usd, h.value_usd) <= {WORTH} * least(m.value_usd, h.value_usd) OR "
    "m.value_usd IS NULL OR h.value_usd IS NULL, TRUE)"
)
_SAID = (
    "h.id AS other, h.bills, CASE WHEN m.weight_kg IS NOT NULL AND h.weight_kg IS NOT NULL "
    "THEN 'weight' ELSE 'quantity' END AS agrees"
)
_HEADINGS = f"""
CREATE TABLE by_heading AS
WITH m AS (SELECT bill, flow, left(hs6, 4) AS heading, {_SUMS} FROM above WHERE hs6 IS NOT NULL GROUP BY ALL),
h AS (SELECT bill, left(hs6, 4) AS heading, {_SUMS} FROM beneath WHERE hs6 IS NOT NULL GROUP BY ALL)
SELECT bill, flow, heading, {_SAID} FROM m JOIN h USING (bill, heading) WHERE {_ADDS_UP}"""
_TOTALS = f"""
CREATE TABLE in_total AS
WITH m AS (SELECT bill, flow, {_SUMS} FROM above GROUP BY ALL),
h AS (SELECT bill, {_SUMS} FROM beneath GROUP BY ALL)
SELECT bill, flow, {_SAID} FROM m JOIN h USING (bill)
WHERE {_ADDS_UP} AND (m.headings <= 1 OR NOT m.coded OR NOT h.coded)"""
"""Where both sides state several goods, a total that agrees does not outweigh goods that do not."""
_JOINED = """
CREATE TABLE joined AS
SELECT n, id AS shipment, other,
  CASE WHEN agrees = 'weight' THEN 0.98 ELSE 0.9 END AS score,
  'master bill ' || bill_of_lading || ' of ' || bills || ' house bills, ' || agrees ||
    coalesce(' of goods ' || heading, '') AS why
FROM (
  SELECT m.*, coalesce(t.other, g.other) AS other, coalesce(t.bills, g.bills) AS bills,
    coalesce(t.agrees, g.agrees) AS agrees, CASE WHEN t.bill IS NULL THEN g.heading END AS heading
  FROM above m LEFT JOIN in_total t USING (bill, flow)
  LEFT JOIN by_heading g ON g.bill = m.bill AND g.flow = m.flow AND g.heading = left(m.hs6, 4))
WHERE other IS NOT NULL"""
_AND_MIRRORS = """
INSERT INTO joined SELECT m.n, m.id, other, joined.score, joined.why
FROM joined JOIN paired ON kept = joined.n JOIN record m ON m.n = mirror"""
"""A master bill that is itself on record twice counts neither time."""


def join(con: duckdb.DuckDBPyConnection) -> None:
    """Make `joined` from `record` and `paired`: the lines of master bills that their house bills make up."""
    for sql in (_WHOLE, _HOUSES, _MASTERS, _HEADINGS, _TOTALS, _JOINED, _AND_MIRRORS):
        con.execute(sql)
