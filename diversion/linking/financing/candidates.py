"""Pairs of an instrument and a shipment that may belong together, found without trying every pair."""

from __future__ import annotations

from diversion.ingest.instruments import BUYERS, INSTRUCTED, SELLERS, TOLERANCE
from diversion.linking.financing.bench import Bench

CROWD = 20
"""Parties at one address above which sharing it says nothing."""
EARLY, LATE = 60, 60
"""Days before the issue of a credit, and after its last day of shipment, that are looked at."""
AROUND = 180
"""Days before and after a payment within which what it pays for is shipped."""
_NORM = "nullif(regexp_replace(upper({0}), '[^0-9A-Z]', '', 'g'), '')"
_MONEY = f"(?m)^{INSTRUCTED}: ([A-Z]{{3}}) ([0-9.]+)"


def _among(roles: tuple[str, ...]) -> str:
    return ", ".join("'" + role.replace("'", "''") + "'" for role in roles)


_INSTRUMENTS = f"""
CREATE TABLE instrument AS SELECT *,
  coalesce(latest_shipment, expires_on - 1) AS last_day,
  kind = 'letter of credit' AS credit,
  coalesce(TRY_CAST(regexp_extract(terms, '(?m)^{TOLERANCE}: *([0-9]+)', 1) AS DOUBLE), 0) / 100 AS over,
  coalesce(TRY_CAST(regexp_extract(terms, '(?m)^{TOLERANCE}: *[0-9]+/([0-9]+)', 1) AS DOUBLE), 0) / 100
    AS below,
  regexp_matches(terms, '(?m)^partial shipments: *(NOT |PROHIBITED)') AS whole,
  CASE WHEN credit THEN coalesce(issued_on, DATE '1900-01-01') - {EARLY} ELSE issued_on - {AROUND} END
    AS since,
  CASE WHEN credit THEN coalesce(last_day, DATE '9000-01-01') + {LATE} ELSE issued_on + {AROUND} END AS until
FROM instrument_given"""
_MONEYS = f"""
CREATE TABLE money AS SELECT n AS instrument, currency, amount FROM instrument
WHERE amount > 0 AND currency IS NOT NULL
UNION SELECT n, regexp_extract(terms, '{_MONEY}', 1), TRY_CAST(regexp_extract(terms, '{_MONEY}', 2) AS DOUBLE)
FROM instrument WHERE regexp_matches(terms, '{_MONEY}')"""
_SIDES = f"""
CREATE TABLE side AS SELECT DISTINCT instrument, party, role IN ({_among(SELLERS)}) AS seller FROM party_to
WHERE role IN ({_among((*SELLERS, *BUYERS))})"""
_SAME = f"""
CREATE TABLE same AS WITH
keyed AS (SELECT n AS id, name_key, split_part(name_key, '|', 1) AS base, country FROM party),
ours AS (SELECT * FROM keyed WHERE id IN (SELECT party FROM side)),
met AS (SELECT * FROM keyed WHERE id IN (SELECT exporter FROM shipment UNION SELECT consignee FROM shipment
  UNION SELECT notify_party FROM shipment UNION SELECT end_user FROM shipment)),
crowd AS (SELECT address FROM located GROUP BY address HAVING count(*) <= {CROWD}),
pairs AS (
  SELECT o.id AS ours, m.id AS theirs, 4 AS grade FROM ours o JOIN met m USING (id)
  UNION ALL
  SELECT o.id, m.id, CASE WHEN o.country <> m.country THEN 1 WHEN o.name_key = m.name_key THEN 4 ELSE 3 END
  FROM ours o JOIN met m USING (base) WHERE base <> ''
  UNION ALL SELECT o.id, m.id, 2 FROM ours o JOIN located l ON l.party = o.id JOIN crowd USING (address)
  JOIN located k USING (address) JOIN met m ON m.id = k.party)
SELECT ours, theirs, max(grade) AS grade FROM pairs GROUP BY ours, theirs"""
_ENDS = """
CREATE TABLE ends AS SELECT instrument, seller, theirs AS party, max(grade) AS grade
FROM side JOIN same ON ours = party GROUP BY ALL"""
_NUMBERS = f"""
CREATE TABLE named AS
WITH numbers AS (
  SELECT n AS instrument, {_NORM.format("id")} AS number, 1 AS rank FROM instrument
  UNION SELECT n, {_NORM.format("substr(one, instr(one, ':') + 1)")},
  CASE WHEN credit THEN 1 ELSE 2 END FROM (SELECT n, credit, unnest("references") AS one FROM instrument)
  WHERE starts_with(one, 'lc:') OR (credit AND starts_with(one, 'bank:'))),
documents AS (
  SELECT n AS instrument, {_NORM.format("one")} AS number, 3 AS rank FROM (
    SELECT n, unnest(bills_of_lading) AS one FROM instrument)
  UNION SELECT n, {_NORM.format("substr(one, instr(one, ':') + 1)")}, 4 FROM (
    SELECT n, unnest("references") AS one FROM instrument)
  WHERE starts_with(one, 'invoice:') OR starts_with(one, 'order:')),
kept AS (SELECT * FROM documents WHERE length(number) >= 5 AND regexp_matches(number, '[0-9]')),
shown AS (
  SELECT n AS shipment, {_NORM.format("instrument_id")} AS number, 0 AS what FROM shipment
  WHERE instrument_id IS NOT NULL
  UNION ALL SELECT n, {_NORM.format("bill_of_lading")}, 3 FROM shipment WHERE bill_of_lading IS NOT NULL
    AND EXISTS (SELECT 1 FROM kept WHERE rank = 3)
  UNION ALL SELECT n, {_NORM.format("master_bill")}, 3 FROM shipment WHERE master_bill IS NOT NULL
    AND EXISTS (SELECT 1 FROM kept WHERE rank = 3)
  UNION ALL SELECT n, {_NORM.format("shipment_id")}, 4 FROM shipment
    WHERE EXISTS (SELECT 1 FROM kept WHERE rank = 4))
SELECT instrument, shipment, min(rank) AS rank FROM (
  SELECT instrument, shipment, rank FROM numbers JOIN shown USING (number) WHERE what = 0
  UNION ALL SELECT instrument, shipment, rank FROM kept JOIN shown USING (number) WHERE what = rank)
GROUP BY instrument, shipment"""
_NEAR = """
CREATE TABLE near AS WITH sellers AS (SELECT DISTINCT party FROM ends WHERE seller),
buyers AS (SELECT DISTINCT party FROM ends WHERE NOT seller)
SELECT n AS shipment, shipment_id, exporter, consignee, notify_party, end_user,
  coalesce(departed_on, arrived_on) AS day, departed_latest, arrived_on, currency, value, value_usd
FROM shipment WHERE exporter IN (SELECT party FROM sellers) OR consignee IN (SELECT party FROM buyers)
  OR notify_party IN (SELECT party FROM buyers) OR end_user IN (SELECT party FROM buyers)
  OR n IN (SELECT shipment FROM named)"""
_BUYERS = """
CREATE TABLE buyer AS SELECT shipment, exporter, day, consignee AS party, 3 AS place FROM near
WHERE consignee IS NOT NULL
UNION ALL SELECT shipment, exporter, day, notify_party, 2 FROM near WHERE notify_party IS NOT NULL
UNION ALL SELECT shipment, exporter, day, end_user, 1 FROM near WHERE end_user IS NOT NULL"""
_VALUES = """
CREATE TABLE worth AS SELECT shipment, currency, value AS amount FROM near
WHERE value > 0 AND currency IS NOT NULL
UNION SELECT shipment, 'USD', value_usd FROM near WHERE value_usd > 0
UNION SELECT shipment, currency, total FROM near JOIN (
  SELECT shipment_id, currency, sum(value) AS total FROM shipment
  WHERE shipment_id IN (SELECT shipment_id FROM near) AND currency IS NOT NULL
  GROUP BY ALL HAVING count(*) > 1 AND count(*) = count(value) AND total > 0) USING (shipment_id, currency)"""
_PAIRS = """
CREATE TABLE pair AS
SELECT s.instrument, b.shipment FROM ends s
JOIN ends t ON t.instrument = s.instrument AND s.seller AND NOT t.seller
JOIN instrument i ON i.n = s.instrument
JOIN buyer b ON b.exporter = s.party AND b.party = t.party AND b.day BETWEEN i.since AND i.until
UNION
SELECT e.instrument, b.shipment FROM ends e JOIN money m USING (instrument)
JOIN instrument i ON i.n = e.instrument
JOIN (
  SELECT shipment, day, party, seller, currency, round(amount) AS whole FROM (
    SELECT shipment, day, exporter AS party, true AS seller FROM near
    UNION ALL SELECT shipment, day, party, false FROM buyer) JOIN worth USING (shipment)) b
ON b.party = e.party AND b.seller = e.seller AND b.currency = m.currency AND b.whole = round(m.amount)
  AND b.day BETWEEN i.since AND i.until
UNION SELECT instrument, shipment FROM named"""
STEPS = (_INSTRUMENTS, _MONEYS, _SIDES, _SAME, _ENDS, _NUMBERS, _NEAR, _BUYERS, _VALUES, _PAIRS)


def find(bench: Bench) -> None:
    """Make the table `pair` of candidates, and those from which signs are read."""
    bench.run(*STEPS)
