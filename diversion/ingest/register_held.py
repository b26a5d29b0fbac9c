"""What the store holds of the records that a file of a register states: files count as if read as one.

Each statement of a stake is kept as it was stated (`Statement`); of a party, the day of its last one. Staging
tables: `held` (statements of the store), `outdone` (those that the file states again), `old_OWNS` and
`old_CONTROLS` (stakes of the store that all statements together no longer make).
"""

from __future__ import annotations

from diversion.ingest.documents import LIST, PARTS
from diversion.ingest.recipe import MERGED, ROW, SHEET
from diversion.ingest.stage import Stage

REC = f"(n & {(1 << PARTS) - 1})"
"""SQL: the number of the record that a row is a part of."""
STAKE = "about IN ('holding', 'control', 'exception')"
"""SQL: a statement of a stake; others are of a party, or only an id by which a record is known."""
_NAMED = f"""SELECT own AS id FROM statement
  UNION SELECT unnest(string_split(replaces, '{LIST}')) FROM statement WHERE replaces IS NOT NULL
  UNION SELECT unnest([party_id, owner_id, owned_id]) FROM parsed WHERE fault = 0
  UNION SELECT unnest(string_split(told_by, '{LIST}')) FROM parsed WHERE fault = 0 AND told_by IS NOT NULL"""


def recall(stage: Stage) -> None:
    """Make `held` of the records and parties that the statements of the file name, by any of their ids."""
    stage.run(f"CREATE TABLE named AS {_NAMED}")
    stage.recall("known_as", "Statement", "statement", "SELECT id FROM named")
    stage.recall("held", "Statement", "record", "SELECT id FROM named UNION SELECT record FROM known_as")
    stage.run("ALTER TABLE held ADD COLUMN was VARCHAR")
    stage.run("UPDATE held SET was = record")


def joined(stage: Stage) -> None:
    """Add the statements of the store to those of the file, once it is known which are of one record.

    One that the file states again is as the file has it. A file that states no day takes the place of all
    that was read before: when that held is not known.
    """
    stage.run("UPDATE held SET record = first FROM root WHERE later = record")
    stage.run(
        f"CREATE TABLE outdone AS SELECT h.* FROM held h SEMI JOIN statement s ON {STAKE} AND "
        "s.chain = h.record AND s.own = h.statement AND s.version = h.version"
    )
    stage.run("DELETE FROM held WHERE id IN (SELECT id FROM outdone)")
    dated = "SELECT chain FROM statement WHERE held GROUP BY chain HAVING count(*) = count(stated_on)"
    stage.run(f"DELETE FROM held WHERE {STAKE} AND record NOT IN ({dated})")
    there = f"SELECT DISTINCT statement AS own, stated_on, version, record AS chain FROM held WHERE {STAKE}"
    stage.run(
        f"INSERT INTO statement BY NAME SELECT -row_number() OVER () AS rec, TRUE AS held, * FROM ({there})"
    )


STAKES = f"""SELECT -row_number() OVER () AS n, about AS record, owner AS owner_id, owned, share_min,
  share_max, above_min, below_max, coalesce(interest, 'unknown') AS interest, indirect, "by", "from", until,
  reason, nullif(array_to_string(told_by, '{LIST}'), '') AS told_by, known_on, content AS digest,
  record AS "of", statement AS own, version, stated_on, source, row FROM held WHERE {STAKE}"""
"""SQL: stakes of the store's statements, numbered downwards, with the row that each was read from."""


def superseded(stage: Stage) -> None:
    """A party of which the store has a later statement is only mentioned by the file."""
    stage.run(
        "UPDATE party SET stated = FALSE, addresses = NULL FROM (SELECT record, max(version) AS newest FROM "
        "held WHERE about = 'party' GROUP BY record) h WHERE party = h.record AND stated AND dated AND "
        "version < newest"
    )


def ended(stage: Stage) -> None:
    """Stakes of the store that its records, as they are now known, never stated: they hold on no day."""
    chains = "SELECT chain AS id FROM statement WHERE held UNION SELECT was FROM held WHERE " + STAKE
    day = """coalesce("from", until, DATE '0001-01-01')"""
    for table in ("OWNS", "CONTROLS"):
        stage.recall(f"old_{table}", table, "record", chains)
        stage.run(f"DELETE FROM old_{table} WHERE id IN (SELECT id FROM stake)")
        stage.run(f'UPDATE old_{table} SET "from" = {day}, until = {day}')


_SAID = (
    'owned, share_min, share_max, above_min, below_max, interest, indirect, "by", '
    f"coalesce(reason, why) AS reason, \"from\", until, string_split(told_by, '{LIST}') AS told_by, known_on"
)


def statements(stage: Stage) -> str:
    """SQL of the table `Statement`: what the file states, and what of the store is no longer so."""
    place = (
        "concat_ws(chr(31), own, version, row_number() OVER (PARTITION BY own, version ORDER BY digest, n))"
    )
    stage.run(
        f"CREATE TABLE stated AS SELECT 'T-' || digest({place}) AS id, n, of AS record, own AS statement, "
        f"record AS about, version, stated_on, owner_id AS owner, {_SAID}, digest AS content FROM part "
        "LEFT JOIN nameless USING (owner) WHERE n > 0"
    )
    stage.run(
        "INSERT INTO stated BY NAME SELECT 'T-' || digest(concat_ws(chr(31), 'party', record, statement)) AS "
        "id, * FROM (SELECT min(p.n) AS n, party_id AS record, CASE WHEN held THEN party_id ELSE own END AS "
        "statement, 'party' AS about, max(version) AS version, max(s.stated_on) AS stated_on, "
        f"min(known_on) AS known_on FROM (SELECT *, {REC} AS rec FROM parsed WHERE record = 'party' AND "
        f"fault IN (0, {MERGED})) p JOIN statement s USING (rec) GROUP BY ALL)"
    )
    stage.run("DELETE FROM stated USING held h WHERE stated.about = 'party' AND h.id = stated.id AND "
              "h.version > stated.version")  # fmt: skip
    moved = "SELECT * EXCLUDE (was) FROM held WHERE record <> was"
    other = (
        "SELECT 'T-' || digest(concat_ws(chr(31), 'replaced', was)) AS id, now AS record, was AS statement, "
        "'replaced' AS about, '' AS version, (SELECT min(n) FROM raw) AS n FROM renamed"
    )
    stage.run(f"INSERT INTO stated BY NAME {other}")
    gone = "SELECT * EXCLUDE (was) REPLACE (NULL AS record) FROM outdone ANTI JOIN stated USING (id)"
    return (
        f"SELECT s.* EXCLUDE (n), source, {ROW} AS row FROM stated s JOIN sheet ON no = {SHEET} "
        f"UNION ALL BY NAME {moved} UNION ALL BY NAME {gone}"
    )
