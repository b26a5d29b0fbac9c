// Parties that may be one, as the last analysis saw them, the likeliest first; `diversion review` decides on them.
// Parameters: $party, the id of a party, or null for all; $least, the least score (such as 0.5).
MATCH (one:Party)-[found:POSSIBLY_SAME]->(other:Party)
WHERE found.score >= $least AND ($party IS NULL OR $party IN [one.id, other.id])
RETURN one.id AS party, one.name AS name, one.country AS country, other.id AS other, other.name AS other_name,
       other.country AS other_country, found.score AS score, found.why AS why
ORDER BY score DESC, party, other
