// Parties that share an address with a party. An address with very many parties is a registered agent's, and
// tells little: $most leaves those out.
// Parameters: $party, the id of the party; $most, the most parties that an address may have (such as 50).
MATCH (p:Party {id: $party})-[:LOCATED_AT]->(place:Address)<-[:LOCATED_AT]-(other:Party)
WHERE COUNT { (place)<-[:LOCATED_AT]-() } <= $most
OPTIONAL MATCH (other)-[match:LISTED_AS]->(entry:Listing)
RETURN place.text AS address, place.country AS country, other.id AS party, other.name AS name,
       collect(entry.list + ': ' + coalesce(entry.name, entry.id)) AS listed_as, max(match.score) AS confidence
ORDER BY address, party
