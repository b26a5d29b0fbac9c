// Goods that went on: a shipment to a middleman who afterwards sent the same goods (HS6) to a party that is
// taken to be on a list, within so many days. A first look; `diversion analyze` goes further and ranks.
// Parameters: $hs6, the goods; $days, the longest stay with the middleman; $confidence, of the match (0 to 1);
// $top, how many.
MATCH (listed:Party)-[match:LISTED_AS]->(entry:Listing)
WHERE match.score >= $confidence
MATCH (listed)<-[:DELIVERED_TO]-(second:Shipment {hs6: $hs6})<-[:SENT]-(middle:Party)
MATCH (middle)<-[:DELIVERED_TO]-(first:Shipment {hs6: $hs6})<-[:SENT]-(origin:Party)
WHERE coalesce(first.arrived_latest, first.arrived_on) <= second.departed_on
  AND second.departed_on <= coalesce(first.arrived_latest, first.arrived_on) + duration({days: $days})
RETURN origin.id AS origin, middle.id AS middle, listed.id AS listed, entry.id AS listing,
       count(DISTINCT first) AS shipments_in, count(DISTINCT second) AS shipments_out,
       min(first.departed_on) AS first_day, max(second.departed_on) AS last_day
ORDER BY shipments_out DESC, origin, middle, listed, listing
LIMIT $top
