// Parties whose name has words of a text, best first; misspelt by a letter or two is close enough ("radian~").
// Parameters: $text, words in the syntax of Lucene; $top, how many.
CALL db.index.fulltext.queryNodes('party_names', $text) YIELD node, score
RETURN node.id AS party, node.name AS name, node.country AS country, node.kind AS kind, score
ORDER BY score DESC, party
LIMIT $top
