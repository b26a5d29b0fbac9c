"""Pairs of an instrument and a shipment that may belong together, found without trying every pair."""

from __future__ import annotations

from diversion.ingest.instruments import BUYERS, SELLERS
from diversion.linking.financing.bench import Bench
from diversion.linking.financing.reach import BASE, CROWD, FOLD, MONEY, NORM, SHOWN


def _among(roles: tuple[str, ...]) -> str:
    return ", ".join("'" + role.replace("'", "''") + "'" for role in roles)


_MONEYS = f"""
CREATE TABLE money AS SELECT n AS instrument, currency, amount FROM instrument
WHERE amount > 0 AND currency IS NOT NULL
UNION SELECT n, regexp_extract(terms, '{MONEY}', 1), TRY_CAST(regexp_extract(terms, '{MONEY}', 2) AS DOUBLE)
FROM instrument WHERE regexp_matches(terms, '{MONEY}')"""
_SIDES = f"""
CREATE TABLE side AS SELECT DISTINCT instrument, party, role IN ({_among(SELLERS)}) AS seller FROM party_to
WHERE role IN ({_among((*SELLERS, *BUYERS))})"""
_SAME = f"""
CREATE TABLE same AS WITH
keyed AS (SELECT n AS id, {FOLD.format("name_key")} AS name_key, {BASE} AS base, country FROM party),
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
_SHOWN = " UNION ALL ".join(
    f"SELECT n AS shipment, {NORM.format(column)} AS number, '{what}' AS what FROM shipment "
    f"WHERE {column} IS NOT NULL AND EXISTS (SELECT 1 FROM number WHERE what = '{what}')"
    for column, what in SHOWN.items()
)
_NUMBERS = f"""
CREATE TABLE named AS SELECT m.instrument, shipment, min(rank) AS rank
FROM number m JOIN ({_SHOWN}) s ON s.number = m.number AND s.what = m.what JOIN shipment g ON g.n = shipment
WHERE telling OR EXISTS (SELECT 1 FROM ends e WHERE e.instrument = m.instrument AND CASE WHEN e.seller
  THEN e.party = g.exporter ELSE e.party IN (g.consignee, g.notify_party, g.end_user) END)
GROUP BY m.instrument, shipment"""
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
STEPS = (_MONEYS, _SIDES, _SAME, _ENDS, _NUMBERS, _NEAR, _BUYERS, _VALUES, _PAIRS)


def find(bench: Bench) -> None:
    """Make the table `pair` of candidates, and those from which signs are read."""
    bench.run(*STEPS)
