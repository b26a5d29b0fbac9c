// Everyone who holds a stake in a party, directly or through at most six levels. A stake is an interval: what
// the chain is worth at least and at most, in per cent of the party, by multiplying the holdings along it.
// Unknown bounds count as 0 and 100.
// Parameters: $party, the id of the party; $day, the day on which the holdings must hold (null: any).
MATCH chain = (owner:Party)-[holdings:OWNS*1..6]->(p:Party {id: $party})
WHERE all(h IN holdings WHERE $day IS NULL
          OR ((h.from IS NULL OR h.from <= date($day)) AND (h.until IS NULL OR date($day) < h.until)))
RETURN owner.id AS owner, owner.name AS name, owner.country AS country, length(chain) AS levels,
       [n IN nodes(chain) | n.id] AS through,
       reduce(share = 100.0, h IN holdings | share * coalesce(h.share_min, 0.0) / 100) AS share_min,
       reduce(share = 100.0, h IN holdings | share * coalesce(h.share_max, 100.0) / 100) AS share_max
ORDER BY levels, share_min DESC, owner, through
