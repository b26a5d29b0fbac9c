// The findings of the last run, best first.
// Parameters: $top, how many.
MATCH (run:Run)
WITH run ORDER BY run.finished_at DESC, run.id LIMIT 1
MATCH (run)-[found:FOUND]->(route:Route)
RETURN run.id AS run, found.rank AS rank, found.score AS score, route.id AS route, route.parties AS parties,
       route.hs6 AS hs6, COUNT { (route)-[:CARRIED]->() } AS shipments
ORDER BY rank
LIMIT $top
