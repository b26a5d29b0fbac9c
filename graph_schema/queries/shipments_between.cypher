// Every shipment from one party to another, oldest first, with the file and row it was read from.
// Parameters: $exporter and $consignee, the ids of the parties.
MATCH (:Party {id: $exporter})-[:SENT]->(s:Shipment)-[:DELIVERED_TO]->(:Party {id: $consignee})
OPTIONAL MATCH (file:Source {id: s.source})
RETURN s.id AS shipment, s.departed_on AS departed_on, s.arrived_on AS arrived_on, s.hs6 AS hs6,
       s.description AS description, s.quantity AS quantity, s.unit AS unit, s.value_usd AS value_usd,
       file.file AS file, s.row AS row
ORDER BY departed_on, shipment
