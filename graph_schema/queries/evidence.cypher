// Every source row behind a route: hop, shipment, who sent it to whom, and where that stands.
// Parameters: $route, the id of the route.
MATCH (:Route {id: $route})-[carried:CARRIED]->(s:Shipment)
OPTIONAL MATCH (exporter:Party)-[:SENT]->(s)
OPTIONAL MATCH (s)-[:DELIVERED_TO]->(consignee:Party)
OPTIONAL MATCH (file:Source {id: s.source})
RETURN carried.seq AS hop, s.id AS shipment, exporter.id AS exporter, consignee.id AS consignee,
       s.departed_on AS departed_on, s.arrived_on AS arrived_on, s.hs6 AS hs6, s.value_usd AS value_usd,
       file.file AS file, file.sheet AS sheet, s.row AS row
ORDER BY hop, departed_on, shipment
