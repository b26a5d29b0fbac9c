"""What several statements of one record of a register mean together.

The latest statement is what the register says now. Of holdings the earlier ones are history: a stake that was
restated with another share was held as it was until then, `[from, until)`.

Staging tables, in the order in which they are made: `statement` (one row a record of the file), `root` (the
first of a chain of replaced statements), `versioned`, `latest` and `dated` (statements of one record by their
days), then those of `register_stakes`.
"""

from __future__ import annotations

from diversion.ingest.documents import LIST
from diversion.ingest.recipe import CONFLICT, MERGED, PARSED, ROW
from diversion.ingest.register_held import REC, joined, recall
from diversion.ingest.stage import Stage

HELD = "('holding', 'control', 'exception')"
VERSION = "concat_ws(' ', coalesce(stated_on::VARCHAR, ''), stated, ended::INT)"
"""SQL: what orders the statements of a record."""
_LONGEST_CHAIN = 40
"""Doublings: enough for any chain of statements that replace one another."""


def versions(stage: Stage) -> None:
    """Make of `parsed` the statements of each record in the order of their days."""
    _whole_records(stage)
    _statements(stage)
    recall(stage)
    _roots(stage)
    _without_twins(stage)
    joined(stage)
    _numbered(stage)


def _whole_records(stage: Stage) -> None:
    """A record one part of which is faulty is faulty, once."""
    stage.run(
        f'CREATE TABLE told AS SELECT {REC} AS n, min_by("column", f.n) AS c, min_by(reason, f.n) AS reason, '
        "min_by(value, f.n) AS value FROM faults f GROUP BY 1"
    )
    stage.run("DELETE FROM faults")
    stage.run("INSERT INTO faults SELECT * FROM told")
    stage.run(f"UPDATE {PARSED} SET fault = {CONFLICT} WHERE fault = 0 AND {REC} IN (SELECT n FROM told)")


def _statements(stage: Stage) -> None:
    """One row a record: what it is a record of, its day, and what it says."""
    stage.run(
        f"CREATE TABLE statement AS SELECT {REC} AS rec, any_value(record_id) AS own, "
        f"bool_or(record IN {HELD}) AS held, any_value(stated_on) AS stated_on, bool_or(ended) AS ended, "
        f"max({VERSION}) AS version, digest(string_agg(digest, '' ORDER BY digest)) AS content, "
        "max(replaces) AS replaces, any_value(record_id) AS chain FROM parsed WHERE fault = 0 GROUP BY 1"
    )
    stage.run("UPDATE statement SET own = content, chain = content WHERE own IS NULL")


def _roots(stage: Stage) -> None:
    """Statements that replace others are of the same record; of the same party, where they are of a party."""
    stage.run(
        "CREATE TABLE root AS SELECT later, coalesce(min(first) FILTER (known), min(first)) AS first FROM ("
        f"SELECT own AS later, unnest({_ids('replaces')}) AS first, FALSE AS known FROM statement "
        "WHERE replaces IS NOT NULL UNION ALL SELECT statement, record, TRUE FROM known_as) "
        "WHERE later <> first GROUP BY later"
    )
    further = "q.later = r.first AND q.first <> r.first"
    for _ in range(_LONGEST_CHAIN):
        if not stage.number(f"SELECT count(*) FROM root r JOIN root q ON {further}"):
            break
        stage.run(f"UPDATE root AS r SET first = q.first FROM root q WHERE {further}")
    _as_known(stage)
    if stage.number("SELECT count(*) FROM root"):
        stage.run("UPDATE statement SET chain = first FROM root WHERE later = own")
        for column in ("party_id", "owner_id", "owned_id"):
            stage.run(f"UPDATE {PARSED} SET {column} = first FROM root WHERE later = {column}")
        _components(stage)


def _as_known(stage: Stage) -> None:
    """A record that the store has under the id of a later statement keeps it when an earlier one is read."""
    of_one = "SELECT later AS one, first FROM root UNION SELECT first, first FROM root"
    stage.run(
        f"CREATE TABLE renamed AS SELECT first AS was, min(record) AS now FROM ({of_one}) "
        "JOIN held ON record = one GROUP BY first HAVING min(record) <> first"
    )
    stage.run("UPDATE root SET first = now FROM renamed WHERE first = was")
    stage.run("INSERT INTO root SELECT was, now FROM renamed")
    stage.run("DELETE FROM root WHERE later = first")


def _components(stage: Stage) -> None:
    """Components are named by the ids that their records have."""
    if stage.number("SELECT count(told_by) FROM parsed"):
        given = (
            f"SELECT n AS m, unnest({_ids('told_by')}) AS one, "
            f"generate_subscripts({_ids('told_by')}, 1) AS place FROM parsed WHERE told_by IS NOT NULL"
        )
        stage.run(
            f"UPDATE {PARSED} SET told_by = told FROM (SELECT m, string_agg(coalesce(first, one), '{LIST}' "
            f"ORDER BY place) AS told FROM ({given}) LEFT JOIN root ON later = one GROUP BY m) WHERE n = m"
        )


def _ids(column: str) -> str:
    return f"string_split({column}, '{LIST}')"


def _without_twins(stage: Stage) -> None:
    """A statement that says the same again is joined into the other.

    Of two that say different things of one party on one day, the one with the lowest digest is kept; two of
    holdings both stand.
    """
    stage.run(
        "CREATE TABLE twin AS SELECT rec, content, first_value(content) OVER w AS kept, "
        "first_value(rec) OVER w AS keeper, row_number() OVER w AS place FROM statement "
        "WINDOW w AS (PARTITION BY held, chain, own, version, CASE WHEN held THEN content END "
        "ORDER BY content, rec)"
    )
    stage.run("DELETE FROM twin WHERE place = 1")
    note(stage, "SELECT rec FROM twin WHERE content = kept", MERGED)
    note(stage, "SELECT rec FROM twin WHERE content <> kept", CONFLICT)
    stage.run(
        "INSERT INTO faults SELECT rec, 'record_id', 'this record stands already in row ' || "
        f"{ROW.replace('n', 'keeper')} || ', with other content', NULL FROM twin WHERE content <> kept"
    )
    stage.run("DELETE FROM statement WHERE rec IN (SELECT rec FROM twin)")


def _numbered(stage: Stage) -> None:
    """The statements of a record are its versions; all but the latest of the file are joined into that."""
    stage.run(
        "CREATE TABLE versioned AS SELECT *, dense_rank() OVER (PARTITION BY held, chain ORDER BY version) "
        "AS ver FROM statement"
    )
    stage.run(
        "CREATE TABLE latest AS SELECT held, chain, max(ver) AS last, "
        "max(ver) FILTER (rec > 0) AS last_here FROM versioned GROUP BY ALL"
    )
    stage.run(
        "CREATE TABLE dated AS SELECT held, chain, ver, any_value(stated_on) AS stated_on FROM versioned "
        "GROUP BY ALL"
    )
    note(stage, "SELECT rec FROM versioned JOIN latest USING (held, chain) WHERE ver < last_here", MERGED)


def note(stage: Stage, records: str, fault: int) -> None:
    """Mark the records that a query gives, but for those that are marked already."""
    stage.run(f"UPDATE {PARSED} SET fault = {fault} WHERE fault = 0 AND {REC} IN ({records})")
