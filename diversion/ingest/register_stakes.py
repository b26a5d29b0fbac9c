"""What goes into the graph of the statements of a register: stakes with their days, and parties.

Staging tables: `part` (stakes of every statement), `island` (a stake restated unchanged, version after
version), `stake` and `party` (what goes in).
"""

from __future__ import annotations

from diversion.ingest.documents import NOT_KEPT
from diversion.ingest.recipe import CONFLICT, MERGED
from diversion.ingest.register_held import REC, STAKES, ended, superseded
from diversion.ingest.register_history import HELD, VERSION, note, versions
from diversion.ingest.stage import Stage

_DAY_IT_BEGAN = f"{NOT_KEPT}it ended on the day on which it began"


def settled(stage: Stage) -> None:
    """Make `stake` and `party` of `parsed`, and say of each record whether it stands."""
    versions(stage)
    _parts(stage)
    _islands(stage)
    _spans(stage)
    _stakes(stage)
    ended(stage)
    _parties(stage)
    _only_named(stage)
    _leftovers(stage)


_SAID = """CASE record WHEN 'control' THEN NULL WHEN 'exception' THEN reason
  ELSE concat_ws(',', share_min, above_min, share_max, below_max) END"""
"""What makes a stake another one than before."""


_STAKE = (
    "n, record, owner_id, share_min, share_max, above_min, below_max, interest, indirect, told_by, "
    '"by", "from", until, reason, known_on, digest'
)


def _parts(stage: Stage) -> None:
    """Stakes of every version, each in its slot: who holds what kind of stake in whom, by which record.

    An owner who is not named is a party of its own, the same in all statements of the record.
    """
    own = (
        f"SELECT {_STAKE}, owned_id AS owned, s.chain AS of, s.own, s.version, s.stated_on "
        f"FROM (SELECT *, {REC} AS rec FROM parsed) p JOIN versioned s USING (rec) WHERE p.record IN {HELD}"
    )
    stage.run(
        f"CREATE TABLE part AS SELECT p.*, ver, last, {_SAID} AS bounds, "
        "coalesce(owner_id, 'P-' || digest('unnamed' || chr(31) || of)) AS owner "
        f"FROM ({own} UNION ALL BY NAME {STAKES}) p JOIN (SELECT DISTINCT chain, version, ver FROM versioned "
        "WHERE held) v ON v.chain = of AND v.version = p.version JOIN latest l ON l.held AND l.chain = of"
    )
    stage.run("ALTER TABLE part ADD COLUMN slot VARCHAR")
    stage.run(
        "UPDATE part SET slot = digest(concat_ws(chr(31), of, owner, owned, coalesce(indirect::VARCHAR, ''), "
        "record, CASE record WHEN 'control' THEN \"by\" ELSE interest END))"
    )


def _islands(stage: Stage) -> None:
    """Versions one after the other in which a slot says the same, and what its neighbours say."""
    stage.run(
        "CREATE TABLE slotted AS SELECT of, slot, ver, string_agg(bounds, ';' ORDER BY bounds) AS said, "
        'min("from") AS starts, min(known_on) AS known FROM part GROUP BY ALL'
    )
    stage.run(
        "CREATE TABLE neighbour AS SELECT *, coalesce(lag(ver) OVER w = ver - 1, FALSE) AS follows, "
        "coalesce(lead(ver) OVER w = ver + 1, FALSE) AS goes_on, lag(said) OVER w AS said_before "
        "FROM slotted WINDOW w AS (PARTITION BY of, slot ORDER BY ver)"
    )
    numbered = (
        "SELECT *, sum((NOT follows OR said IS DISTINCT FROM said_before)::INT) OVER "
        "(PARTITION BY of, slot ORDER BY ver) AS number FROM neighbour"
    )
    grouped = (
        "SELECT of, slot, min(ver) AS ver_first, max(ver) AS ver_last, min(starts) AS starts, "
        "min(known) AS known, min_by(follows, ver) AS follows, max_by(goes_on, ver) AS goes_on "
        f"FROM ({numbered}) GROUP BY of, slot, number"
    )
    stage.run(
        "CREATE TABLE island AS SELECT *, lag(starts) OVER w AS starts_before, lead(starts) OVER w AS "
        f"starts_after FROM ({grouped}) WINDOW w AS (PARTITION BY of, slot ORDER BY ver_first)"
    )


_EVER = "DATE '0001-01-01'"
_OWN = 'coalesce("from", starts)'
_BEGIN = f"""CASE WHEN ver_first = 1 OR {_OWN} > coalesce(starts_before, {_EVER}) THEN {_OWN}
  WHEN NOT follows AND {_OWN} IS NOT NULL THEN {_OWN} ELSE b.stated_on END"""
"""A stake with another share than before begins on its own day, else on the day of the statement."""
_END = f"""least(until, CASE WHEN ver_last = last THEN NULL
  WHEN goes_on AND starts_after > coalesce({_OWN}, {_EVER}) AND starts_after <= e.stated_on
  THEN starts_after ELSE e.stated_on END)"""
"""It ends where the next one begins, or where the next statement leaves it out."""


def _spans(stage: Stage) -> None:
    """The last statement of each island, with the days on which it held."""
    stage.run(
        'CREATE TABLE spanned AS SELECT p.* EXCLUDE ("from", until, known_on), known AS known_on, '
        f'{_BEGIN} AS "from", {_END} AS until, '
        "coalesce(b.stated_on::VARCHAR, CASE WHEN p.ver < last THEN 'before' END) AS first FROM part p "
        "JOIN island i ON i.of = p.of AND i.slot = p.slot AND i.ver_last = p.ver "
        "LEFT JOIN dated b ON b.held AND b.chain = p.of AND b.ver = ver_first "
        "LEFT JOIN dated e ON e.held AND e.chain = p.of AND e.ver = ver_last + 1"
    )


def _stakes(stage: Stage) -> None:
    """Stakes that held on any day.

    Each has the id of its slot and of the day of the first statement that says so; without a day it has that
    of its slot alone, so that a later file replaces it. An owner without a name lends the stake his reason.
    """
    stage.run(
        "CREATE TABLE nameless AS SELECT party_id AS owner, any_value(note) AS why FROM parsed "
        "WHERE fault = 0 AND record = 'party' AND name IS NULL GROUP BY party_id"
    )
    stage.run(
        "CREATE TABLE stake AS SELECT * EXCLUDE reason, coalesce(reason, why) AS reason, "
        "'O-' || digest(concat_ws(chr(31), slot, first, row_number() OVER (PARTITION BY slot, first "
        'ORDER BY ver, bounds, "from", until, digest, n))) AS id FROM spanned '
        "LEFT JOIN nameless USING (owner) "
        'WHERE "from" IS NULL OR until IS NULL OR "from" < until'
    )


_PARTY = (
    "name, name_key, kind, country, addresses, identifiers, aliases, contacts, incorporated_on, "
    "dissolved_on, born, note"
)


def _parties(stage: Stage) -> None:
    """Parties as their latest statement has them: of mentions, one that has a name."""
    stage.run(
        f"CREATE TABLE party AS SELECT n, party_id AS party, {_PARTY}, record = 'party' AS stated, "
        f"{VERSION} AS version, stated_on IS NOT NULL AS dated, "
        "CASE WHEN ended THEN concat_ws(' ', 'record closed', stated_on) END AS ended FROM parsed "
        "WHERE fault = 0 AND record IN ('party', 'mention') QUALIFY row_number() OVER (PARTITION BY party_id "
        "ORDER BY record = 'party' DESC, record = 'mention' AND name IS NULL, stated_on DESC NULLS LAST, "
        "stated DESC NULLS LAST, parsed.ended DESC, digest, n) = 1"
    )
    stage.run("UPDATE party SET note = nullif(concat_ws('; ', note, ended), '')")
    superseded(stage)
    stage.run("ALTER TABLE party ADD COLUMN known_on DATE")
    stage.run(
        "UPDATE party SET known_on = earliest FROM (SELECT party_id, min(known_on) AS earliest FROM parsed "
        f"WHERE fault IN (0, {MERGED}) GROUP BY party_id) WHERE party_id = party"
    )


def _only_named(stage: Stage) -> None:
    """Owners without a name, and parties that stakes of the file name only by id."""
    own = "(SELECT * FROM part WHERE n > 0) SEMI JOIN stake USING (slot)"
    unnamed = (
        "SELECT owner AS party, max_by(reason, ver) AS note, 'unknown' AS kind, TRUE AS stated FROM stake "
        "WHERE owner_id IS NULL GROUP BY owner"
    )
    first = f"SELECT owner AS party, min(n) AS n, min(known_on) AS known_on FROM {own} GROUP BY owner"
    stage.run(f"INSERT INTO party BY NAME SELECT * FROM ({unnamed}) JOIN ({first}) USING (party)")
    ends = f"SELECT n, unnest([owner, owned]) AS party, known_on FROM {own}"
    stage.run(
        "INSERT INTO party BY NAME SELECT min(n) AS n, party, 'unknown' AS kind, FALSE AS stated, "
        f"min(known_on) AS known_on FROM ({ends}) ANTI JOIN party USING (party) GROUP BY party"
    )


def _leftovers(stage: Stage) -> None:
    """Records that make no row: another says more of the same party, or the stake held on no day."""
    stage.run(
        "CREATE TABLE leftover AS SELECT rec, held AND last = 1 AS alone FROM versioned "
        "JOIN latest USING (held, chain) WHERE rec > 0 AND ver = last AND rec NOT IN ("
        f"SELECT {REC} FROM party UNION ALL SELECT {REC} FROM stake)"
    )
    stage.run(f"INSERT INTO faults SELECT rec, '', '{_DAY_IT_BEGAN}', NULL FROM leftover WHERE alone")
    note(stage, "SELECT rec FROM leftover WHERE alone", CONFLICT)
    note(stage, "SELECT rec FROM leftover WHERE NOT alone", MERGED)
