"""What several statements of one record of a register mean together.

The latest statement is what the register says now. Of holdings the earlier ones are history: a stake that was
restated with another share was held as it was until then, `[from, until)`.

Staging tables, in the order in which they are made: `statement` (one row a record of the file), `root` (the
first of a chain of replaced statements), `part` (stakes of every statement), `stake` and `party` (what goes in).
"""

from __future__ import annotations

from diversion.ingest.documents import LIST, NOT_KEPT, PARTS
from diversion.ingest.recipe import CONFLICT, MERGED, ROW
from diversion.ingest.stage import Stage

REC = f"(n & {(1 << PARTS) - 1})"
"""SQL: the number of the record that a row is a part of."""
_HELD = "('holding', 'control', 'exception')"
_LONGEST_CHAIN = 40
"""Doublings: enough for any chain of statements that replace one another."""
_DAY_IT_BEGAN = f"{NOT_KEPT}it ended on the day on which it began"


def settled(stage: Stage) -> None:
    """Make `stake` and `party` of `parsed`, and say of each record whether it stands."""
    _whole_records(stage)
    _statements(stage)
    _roots(stage)
    _versions(stage)
    _parts(stage)
    _stakes(stage)
    _parties(stage)
    _leftovers(stage)


def _whole_records(stage: Stage) -> None:
    """A record one part of which is faulty is faulty, once."""
    stage.run(
        f'CREATE TABLE told AS SELECT {REC} AS n, min_by("column", f.n) AS c, min_by(reason, f.n) AS reason, '
        "min_by(value, f.n) AS value FROM faults f GROUP BY 1"
    )
    stage.run("DELETE FROM faults")
    stage.run("INSERT INTO faults SELECT * FROM told")
    stage.run(f"UPDATE parsed SET fault = {CONFLICT} WHERE fault = 0 AND {REC} IN (SELECT n FROM told)")


def _statements(stage: Stage) -> None:
    """One row a record: what it is a record of, its day, and what it says."""
    stage.run(
        f"CREATE TABLE statement AS SELECT {REC} AS rec, any_value(record_id) AS own, "
        f"bool_or(record IN {_HELD}) AS held, any_value(stated_on) AS stated_on, bool_or(ended) AS ended, "
        "concat_ws(' ', coalesce(any_value(stated_on)::VARCHAR, ''), any_value(stated), "
        "bool_or(ended)::INT) AS version, digest(string_agg(digest, '' ORDER BY digest)) AS content, "
        "max(replaces) AS replaces, any_value(record_id) AS chain FROM parsed WHERE fault = 0 GROUP BY 1"
    )
    stage.run("UPDATE statement SET own = content, chain = content WHERE own IS NULL")


def _roots(stage: Stage) -> None:
    """Statements that replace others are of the same record; of the same party, where they are of a party."""
    stage.run(
        "CREATE TABLE root AS SELECT own AS later, min(old) AS first FROM (SELECT own, "
        f"unnest(string_split(replaces, '{LIST}')) AS old FROM statement WHERE replaces IS NOT NULL) "
        "WHERE old <> own GROUP BY own"
    )
    for _ in range(_LONGEST_CHAIN):
        again = "FROM root q WHERE q.later = root.first AND q.first <> root.first"
        if not stage.number(
            "SELECT count(*) FROM root r JOIN root q ON q.later = r.first AND q.first <> r.first"
        ):
            break
        stage.run(f"UPDATE root SET first = q.first {again}")
    if stage.number("SELECT count(*) FROM root"):
        stage.run("UPDATE statement SET chain = first FROM root WHERE later = own")
        for column in ("party_id", "owner_id", "owned_id"):
            stage.run(f"UPDATE parsed SET {column} = first FROM root WHERE later = {column}")


def _versions(stage: Stage) -> None:
    """Number the statements of each record by their day; one that says the same again is joined, as are earlier ones.

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
    _note(stage, "SELECT rec FROM twin WHERE content = kept", MERGED)
    _note(stage, "SELECT rec FROM twin WHERE content <> kept", CONFLICT)
    stage.run(
        "INSERT INTO faults SELECT rec, 'record_id', 'this record stands already in row ' || "
        f"{ROW.replace('n', 'keeper')} || ', with other content', NULL FROM twin WHERE content <> kept"
    )
    stage.run("DELETE FROM statement WHERE rec IN (SELECT rec FROM twin)")
    stage.run(
        "CREATE TABLE versioned AS SELECT *, dense_rank() OVER (PARTITION BY held, chain ORDER BY version) "
        "AS ver FROM statement"
    )
    stage.run("CREATE TABLE latest AS SELECT held, chain, max(ver) AS last FROM versioned GROUP BY ALL")
    stage.run(
        "CREATE TABLE dated AS SELECT held, chain, ver, any_value(stated_on) AS stated_on FROM versioned GROUP BY ALL"
    )
    _note(stage, "SELECT rec FROM versioned JOIN latest USING (held, chain) WHERE ver < last", MERGED)


def _note(stage: Stage, records: str, fault: int) -> None:
    stage.run(f"UPDATE parsed SET fault = {fault} WHERE fault = 0 AND {REC} IN ({records})")


def _parts(stage: Stage) -> None:
    """Stakes of every version, each in its slot: who holds what kind of stake in whom, by which record.

    Stakes that are restated unchanged are one island of versions.
    """
    stage.run(
        "CREATE TABLE part AS SELECT p.*, s.chain AS of, ver, last, "
        "coalesce(p.owner_id, 'P-' || digest('unnamed' || chr(31) || s.chain)) AS owner, p.owned_id AS owned, "
        "CASE WHEN p.record <> 'control' THEN concat_ws(',', share_min, above_min, share_max, below_max) END "
        "AS bounds FROM parsed p JOIN versioned s ON s.rec = "
        f"(p.n & {(1 << PARTS) - 1}) JOIN latest USING (held, chain) WHERE p.record IN {_HELD}"
    )
    stage.run("ALTER TABLE part ADD COLUMN slot VARCHAR")
    stage.run(
        "UPDATE part SET slot = digest(concat_ws(chr(31), of, owner, owned, indirect, record, "
        "CASE record WHEN 'control' THEN \"by\" ELSE interest END))"
    )
    stage.run(
        "CREATE TABLE slotted AS SELECT of, slot, ver, string_agg(bounds, ';' ORDER BY bounds) AS said, "
        'min("from") AS starts, min(known_on) AS known FROM part GROUP BY ALL'
    )
    stage.run(
        "CREATE TABLE neighbour AS SELECT *, lag(ver) OVER w = ver - 1 AS follows, "
        "lag(starts) OVER w AS starts_before, lead(ver) OVER w = ver + 1 AS goes_on, "
        "lead(starts) OVER w AS starts_after, "
        "coalesce(lag(ver) OVER w = ver - 1 AND lag(said) OVER w IS NOT DISTINCT FROM said, FALSE) AS same "
        "FROM slotted WINDOW w AS (PARTITION BY of, slot ORDER BY ver)"
    )
    stage.run(
        "CREATE TABLE island AS SELECT of, slot, min(ver) AS ver_first, max(ver) AS ver_last, "
        "min(starts) AS starts, min(known) AS known, min_by(coalesce(follows, FALSE), ver) AS follows, "
        "min_by(starts_before, ver) AS starts_before, max_by(coalesce(goes_on, FALSE), ver) AS goes_on, "
        "max_by(starts_after, ver) AS starts_after FROM (SELECT *, sum((NOT same)::INT) OVER ("
        "PARTITION BY of, slot ORDER BY ver) AS number FROM neighbour) GROUP BY of, slot, number"
    )


_BEGIN = """CASE WHEN ver_first = 1 THEN coalesce("from", starts)
  WHEN "from" > coalesce(starts_before, DATE '0001-01-01') OR NOT follows AND "from" IS NOT NULL THEN "from"
  ELSE b.stated_on END"""
"""A stake with another share than before begins on its own day, else on the day of the statement."""
_END = """least(until, CASE WHEN ver_last = last THEN NULL
  WHEN goes_on AND starts_after > coalesce("from", DATE '0001-01-01') AND starts_after <= e.stated_on
  THEN starts_after ELSE e.stated_on END)"""


def _stakes(stage: Stage) -> None:
    stage.run(
        'CREATE TABLE spanned AS SELECT p.* EXCLUDE ("from", until, known_on), known AS known_on, '
        f'{_BEGIN} AS "from", {_END} AS until, ver_first FROM part p '
        "JOIN island i ON i.of = p.of AND i.slot = p.slot AND i.ver_last = p.ver "
        "LEFT JOIN dated b ON b.held AND b.chain = p.of AND b.ver = ver_first "
        "LEFT JOIN dated e ON e.held AND e.chain = p.of AND e.ver = ver_last + 1"
    )
    stage.run(
        "CREATE TABLE told_record AS SELECT DISTINCT n FROM (SELECT n, "
        f"unnest(string_split(told_by, '{LIST}')) AS id FROM spanned WHERE told_by IS NOT NULL) "
        "SEMI JOIN (SELECT own AS id FROM versioned WHERE held) USING (id)"
    )
    # The current stake has the id of its slot, so that a later file replaces it; history is apart.
    stage.run(
        "CREATE TABLE stake AS SELECT * EXCLUDE (id, told_by, reason), "
        "CASE WHEN n IN (SELECT n FROM told_record) THEN told_by END AS told_by, "
        "coalesce(reason, why) AS reason, "
        "'O-' || digest(concat_ws(chr(31), slot, CASE WHEN ver < last THEN ver_first::VARCHAR || "
        "coalesce(stated, '') END, row_number() OVER (PARTITION BY slot, ver ORDER BY bounds, \"from\", "
        "until, digest, n))) AS id FROM spanned LEFT JOIN (SELECT party_id AS owner, any_value(note) AS why "
        'FROM parsed WHERE fault = 0 AND record = \'party\' AND name IS NULL GROUP BY 1) USING (owner) WHERE "from" IS NULL OR until IS NULL OR "from" < until'
    )


_UNNAMED = "starts_with(owner, 'P-') AND owner_id IS NULL"


def _parties(stage: Stage) -> None:
    """Stated parties as their latest statement has them, owners without a name, and those only named by id."""
    columns = (
        "name, name_key, kind, country, addresses, identifiers, aliases, contacts, incorporated_on, "
        "dissolved_on, born, note"
    )
    stage.run(
        f"CREATE TABLE best AS SELECT n, party_id AS party, {columns}, record = 'party' AS stated, ended, "
        "stated_on, known_on, row_number() OVER (PARTITION BY party_id ORDER BY record = 'party' DESC, "
        "record = 'mention' AND name IS NULL, stated_on DESC NULLS LAST, stated DESC NULLS LAST, ended DESC, digest, n) AS place FROM parsed "
        "WHERE fault = 0 AND record IN ('party', 'mention')"
    )
    ended = "CASE WHEN ended THEN concat_ws(' ', 'record closed', stated_on) END"
    stage.run(
        f"CREATE TABLE party AS SELECT * REPLACE (nullif(concat_ws('; ', note, {ended}), '') AS note) FROM best "
        "WHERE place = 1"
    )
    stage.run(
        "INSERT INTO party BY NAME SELECT min(n) AS n, owner AS party, 'unknown' AS kind, "
        "max_by(reason, ver) AS note, TRUE AS stated, min(known_on) AS known_on FROM stake "
        f"WHERE {_UNNAMED} GROUP BY owner"
    )
    stage.run(
        "INSERT INTO party BY NAME SELECT min(n) AS n, id AS party, 'unknown' AS kind, FALSE AS stated, "
        "min(known_on) AS known_on FROM (SELECT n, owner AS id, known_on FROM stake UNION ALL "
        "SELECT n, owned, known_on FROM stake) ANTI JOIN party ON party.party = id GROUP BY id"
    )


def _leftovers(stage: Stage) -> None:
    """Records that make no row: another says more of the same party, or the stake held on no day."""
    kept = "SELECT (n & {0}) FROM party UNION ALL SELECT (n & {0}) FROM stake".format((1 << PARTS) - 1)
    stage.run(
        f"CREATE TABLE leftover AS SELECT rec, held AND last = 1 AS alone FROM versioned "
        f"JOIN latest USING (held, chain) WHERE ver = last AND rec NOT IN ({kept})"
    )
    stage.run(f"INSERT INTO faults SELECT rec, '', '{_DAY_IT_BEGAN}', NULL FROM leftover WHERE alone")
    _note(stage, "SELECT rec FROM leftover WHERE alone", CONFLICT)
    _note(stage, "SELECT rec FROM leftover WHERE NOT alone", MERGED)
