// Who trades with a party, in which direction, how often, over what days and for how much.
// Parameters: $party, the id of the party.
MATCH (p:Party {id: $party})
CALL (p) {
  MATCH (p)-[:SENT]->(s:Shipment)-[:DELIVERED_TO]->(other:Party)
  RETURN 'sent to' AS direction, other, s
  UNION ALL
  MATCH (other:Party)-[:SENT]->(s:Shipment)-[:DELIVERED_TO]->(p)
  RETURN 'received from' AS direction, other, s
}
RETURN direction, other.id AS party, other.name AS name, other.country AS country,
       count(s) AS shipments, min(s.departed_on) AS first_day, max(s.departed_on) AS last_day,
       sum(s.value_usd) AS value_usd
ORDER BY shipments DESC, party, direction
