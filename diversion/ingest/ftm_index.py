"""What entities of a file say about others that may stand anywhere in it: kept on disk, not in memory."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from diversion.ingest.ftm_entity import Entity, entities
from diversion.ingest.ftm_model import ADDRESS, DOCUMENTS, PARTIES, SANCTION

_TABLES = """
CREATE TABLE address (id TEXT PRIMARY KEY, text TEXT, country TEXT) WITHOUT ROWID;
CREATE TABLE document (holder TEXT, number TEXT, held INT DEFAULT 0);
CREATE TABLE sanctioned (id TEXT PRIMARY KEY, cells TEXT) WITHOUT ROWID;
CREATE TABLE inner (id TEXT PRIMARY KEY, row INT) WITHOUT ROWID;
"""
_PLACE = ("postOfficeBox", "street", "street2", "city", "postalCode", "region", "state")
Place = tuple[str | None, str | None]


@dataclass(frozen=True)
class Index:
    """Addresses, papers and sanctioned entities of one file; `there` are the schemata that it has."""

    base: sqlite3.Connection
    there: frozenset[str]

    def address(self, entity: str) -> Place | None:
        """Text and country of an Address entity."""
        found = self.base.execute("SELECT text, country FROM address WHERE id = ?", (entity,)).fetchone()
        return (str(found[0] or ""), found[1]) if found else None

    def documents(self, holder: str) -> list[str]:
        """Identifiers that papers of the holder state."""
        if not self.there & DOCUMENTS:
            return []
        return [n for (n,) in self.base.execute("SELECT number FROM document WHERE holder = ?", (holder,))]

    def is_held(self, holder: str) -> bool:
        """Whether the holder of a paper stands in the file."""
        found = self.base.execute("SELECT max(held) FROM document WHERE holder = ?", (holder,)).fetchone()
        return bool(found and found[0])

    def counts(self, entity: Entity) -> bool:
        """False for an entity inside another that stands elsewhere by itself, or was met before."""
        if not entity.nested or entity.fault:
            return True
        found = self.base.execute("SELECT row FROM inner WHERE id = ?", (entity.id,)).fetchone()
        return bool(found and found[0] == entity.row)

    def sanctioned(self, entity: str) -> dict[str, list[str]]:
        """What the file says of a sanctioned entity, as it was kept."""
        found = self.base.execute("SELECT cells FROM sanctioned WHERE id = ?", (entity,)).fetchone()
        kept: dict[str, list[str]] = json.loads(found[0]) if found and found[0] else {}
        return kept


def index(path: Path, where: str) -> Index:
    """Read the file once, and once more where entities refer to others by id."""
    # An empty name is a file of SQLite's own, gone with the connection; who reads may run in another thread.
    base = sqlite3.connect("", check_same_thread=False, isolation_level=None)
    base.executescript(_TABLES)
    base.execute("BEGIN")
    there: set[str] = set()
    inner = False
    for entity in entities(path, where):
        there.add(entity.schema)  # of what is no entity the empty one, which is of the register
        inner |= entity.nested and not entity.fault
        _note(base, entity)
    base.execute("CREATE INDEX holders ON document (holder)")
    found = Index(base, frozenset(there))
    if inner or there & {SANCTION, *DOCUMENTS}:
        for entity in entities(path, where):
            _resolve(found, entity, inner)
    base.execute("COMMIT")
    return found


def _note(base: sqlite3.Connection, entity: Entity) -> None:
    if entity.nested and not entity.fault:
        base.execute("INSERT OR IGNORE INTO inner VALUES (?, ?)", (entity.id, entity.row))
    if entity.schema == ADDRESS:
        base.execute("INSERT OR IGNORE INTO address VALUES (?, ?, ?)", (entity.id, *place(entity)))
    elif entity.schema == SANCTION:
        names = [(one,) for one in entity.texts("entity")]
        base.executemany("INSERT OR IGNORE INTO sanctioned(id) VALUES (?)", names)
    elif entity.schema in DOCUMENTS:
        number = paper(entity)
        base.executemany(
            "INSERT INTO document(holder, number) VALUES (?, ?)",
            [(holder, number) for holder in entity.texts("holder") if number],
        )


def _resolve(found: Index, entity: Entity, inner: bool) -> None:
    base = found.base
    if entity.fault:
        return
    if inner and not entity.nested:
        base.execute("DELETE FROM inner WHERE id = ?", (entity.id,))
    if entity.schema in PARTIES and found.there & DOCUMENTS:
        base.execute("UPDATE document SET held = 1 WHERE holder = ?", (entity.id,))
    if SANCTION in found.there and entity.schema != SANCTION:
        asked = "SELECT 1 FROM sanctioned WHERE id = ? AND cells IS NULL"
        if base.execute(asked, (entity.id,)).fetchone():
            _keep(found, entity)


def _keep(found: Index, entity: Entity) -> None:
    from diversion.ingest.ftm_party import sanctioned

    cells = json.dumps(sanctioned(entity, found))
    found.base.execute("UPDATE sanctioned SET cells = ? WHERE id = ?", (cells, entity.id))


def place(entity: Entity) -> Place:
    """Text and country of an Address."""
    parts: Iterator[str | None] = (entity.first(name) for name in _PLACE)
    text = entity.first("full") or ", ".join(part for part in parts if part)
    return text.strip(" ,") or entity.first("summary", "remarks"), next(
        iter(entity.countries("country")), None
    )


def paper(entity: Entity) -> str | None:
    """The identifier that a paper states: its type and country, and its number."""
    number = entity.first("number", "passportNumber")
    kind = entity.first("type") or ("Passport" if entity.schema == "Passport" else "Identification")
    return identifier(kind, number, entity.countries("country")) if number else None


def identifier(scheme: str, number: str, countries: list[str]) -> str:
    """An identifier whose scheme names the country, where there is one."""
    plain = scheme.replace(":", " ").replace(";", " ").strip()
    return f"{plain} ({countries[0]}):{number}" if countries else f"{plain}:{number}"
