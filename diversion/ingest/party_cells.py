"""What a cell in the place of a party says: who is meant, where they are, and how they are known.

A cell is only taken apart where it plainly holds more than a name; `TELLING` is the cheap test for that.
"""

from __future__ import annotations

import re
from functools import cache

import pyarrow as pa

from diversion.ingest.cell_address import apart, words
from diversion.ingest.cell_contacts import contacts
from diversion.ingest.cell_numbers import numbers
from diversion.ingest.months import plain

Cell = tuple[
    str | None, str | None, str | None, str | None, str | None, str | None, str | None, list[str], list[str]
]
GIVES = {
    "name": pa.string(),
    "shown": pa.string(),
    "same": pa.string(),
    "bank": pa.string(),
    "agent": pa.string(),
    "address": pa.string(),
    "country": pa.string(),
    "identifiers": pa.list_(pa.string()),
    "contacts": pa.list_(pa.string()),
}
TELLING = (
    r"(?is)[\n\r@]|[0-9]{7}|,.*[0-9]|,\s*[^,]{3,}$|;|\bc/o\b|\bo/b\b|\border\b|\bordre\b|\borden\b|"
    r"\bordem\b|behalf|account of|"
    r"\bsame\b|\bas above\b|\bidem\b|\bditto\b|mism[oa]|mesmo|m.me que|\bigual\b|\bayn|тот же|он же|то "
    r"же|同|giong|giống|"
    r"^\W+$|^.{1,2}$|^(x+|null|nil|none|unknown|unnamed|blank|empty|various|unavailable|undisclosed|confidential|withheld|tb[adn])$|"
    r"not |^n[./ ]?a\.?$|^sac$|^dito$|^no |^non |^sin |nao |não |^(des|des[ck]).*(cido)$|inconnu|neant|"
    r"néant|^keine|verf.gbar|unbekannt|"
    r"^не |^нет |неизвест|отсутст|^немає|bilinmi|belirtil|^yok$|^[无無未不].{0,3}$|khong|không|^tidak|"
    r"sama dengan|gleich|"
    r"\btel\b|phone|\bфакс|\bтел\b|电话|\binn\b|инн|огрн|унп|бин|єдрпоу|едрпоу|\bvat\b|\btrn\b|\bruc\b|\bnit\b|cnpj|gst|\bpan\b|\biec\b|uscc|信用|"
    r"p\.?\s?o\.?\s?box|[0-9]+ .*(road|street|floor)|\b(llc|ltd|limited|gmbh|fze|inc|corp|ltda|plc)\.? "
    r".*[0-9]"
)
"""A regular expression that a cell holds which may say more than a name."""

_ORDER = re.compile(
    r"(?is)^((?:un)?to\s+(?:the\s+)?order\s+of\s*:?|to\s+the\s+order\s*:|[aà]\s+la\s+orden\s+del?|"
    r"[àa]\s+l[' ]ordre\s+de|[àa]\s+ordem\s+d[eoa]|"
    r"an\s+(?:die\s+)?order\s+(?:von|der)|приказу)\s+(.+)$"
)
_BANK = re.compile(
    r"(?i)bank\b|banka\b|bankas[iı]|\bbanco\b|\bbanque\b|\bbanca\b|\bbanc\b|банк|银行|銀行|은행|\bngan "
    r"hang\b|ngân hàng|بنك"
)
_FOR = re.compile(
    r"(?is)^(.{3,200}?)[\s,(]{1,3}(?:on\s+behalf\s+of|o/b/?o?|as\s+agents?\s+(?:for|of)|for\s+(?:and|&)\s+on\s+behalf\s+of|"
    r"(?:on|for)\s+(?:the\s+)?account\s+of|por\s+cuenta\s+de|от\s+имени|по\s+поручению|代表)\s*:?\s+(.{3,})$"
)
_CARE = re.compile(r"(?is)^(.{3,200}?)[\s,(]{1,3}(?:c\s?/\s?o|care\s+of|in\s+care\s+of)\.?\s*:?\s*(.{3,})$")
_BREAK = re.compile(r"\r\n?|\n|<br ?/?>|\\n|\|")
_ATTENTION = re.compile(
    r"(?im)[\s,;(]*(?:\battn|\batten|\battention|\bkind attn|контактное лицо)\b\s*[.:].*$"
)
_APART = re.compile(r"[\W_]+")
_LONGEST = 1000
_NOBODY: Cell = (None, None, None, None, None, None, None, [], [])


def _key(text: str) -> str:
    return _APART.sub(" ", plain(text)).strip()


@cache
def _table(name: str) -> frozenset[str]:
    return frozenset(map(_key, words()[name]))


@cache
def _same() -> tuple[tuple[str, ...], dict[str, str]]:
    prefixes = tuple(sorted(_table("same"), key=len, reverse=True))
    return prefixes, {_key(word): role for role, said in words()["roles"].items() for word in said}


def same_as(key: str) -> str | None:
    """The role whose party is meant by `same as …`, `above` for the one above; None for a name.

    >>> same_as("same as consignee"), same_as("同收货人"), same_as("ditto"), same_as("sameer traders")
    ('consignee', 'consignee', 'above', None)
    """
    if key in _table("above"):
        return "above"
    prefixes, roles = _same()
    if key in roles:
        return roles[key]
    for prefix in prefixes:
        if key.startswith(prefix) and (not prefix.isascii() or key[len(prefix) :].startswith(" ")):
            rest = re.sub(r"^(?:the|el|la|le|l|al|o|a|del|de|des?) ", "", key[len(prefix) :].strip())
            rest = re.sub(r" (?:s|name|address|party|above|s address|s name)$", "", rest)
            if rest in roles or rest == "above":
                return roles.get(rest, "above")
    return None


def nobody(text: str) -> bool:
    """Whether a text names nobody.

    >>> nobody("NOT AVAILABLE"), nobody("--"), nobody("TO ORDER"), nobody("!!!"), nobody("Nobody Ltd")
    (True, True, True, False, False)
    """
    return _key(text) in _table("nobody") or (not text.strip("-–—._*/ ") if text else True)


def read(text: str) -> Cell:
    """Who and what a cell names, in the order of `GIVES`; a cell that holds a name alone is that name.

    >>> read("TO THE ORDER OF GULF COMMERCIAL BANK")[:4]
    ('GULF COMMERCIAL BANK', 'TO THE ORDER OF GULF COMMERCIAL BANK', None, 'GULF COMMERCIAL BANK')
    >>> read("ACME LTD, 12 DOCK ROAD, DUBAI, UAE TEL: +971 4 123 4567")[5:7]
    ('12 DOCK ROAD, DUBAI, UAE', 'AE')
    >>> read("ACME LTD C/O FAST FREIGHT LLC")[0], read("FAST FREIGHT LLC ON BEHALF OF ACME LTD")[4]
    ('ACME LTD', 'FAST FREIGHT LLC')
    """
    if len(text) > _LONGEST:
        return (text, text, None, None, None, None, None, [], [])
    bare = _ATTENTION.sub(
        "", "\n".join(" ".join(line.split()) for line in _BREAK.split(text) if line.strip())
    )
    bare, reached = contacts(bare)
    bare, known = numbers(bare)
    if nobody(bare):
        return (*_NOBODY[:7], known, reached)
    if role := same_as(_key(bare)):
        return (None, None, role, None, None, None, None, known, reached)
    return _named(text, bare, known, reached)


def _named(text: str, bare: str, known: list[str], reached: list[str]) -> Cell:
    ordered = _ORDER.match(bare)
    if ordered:
        bare = ordered[2].strip()
        if nobody(bare) or same_as(_key(bare)):
            return (*_NOBODY[:7], known, reached)
    bare, agent = _principal(bare)
    name, address, country = apart(bare)
    name = " ".join(name.split()) if name != text else name
    untouched = name == text or " ".join(text.split()).strip(" ,;") == name
    if untouched and not ordered:
        name = text
    shown = f"{' '.join(ordered[1].split())} {name}" if ordered else name
    bank = name if ordered and _BANK.search(name) else None
    return (name, shown, None, bank, agent, address, country, known, reached)


def _principal(text: str) -> tuple[str, str | None]:
    """The party that is meant, and the one that only acts for it."""
    if found := _FOR.match(text):
        return found[2].strip(" ,;()"), apart(found[1].strip(" ,;("))[0]
    if found := _CARE.match(text):
        agent = apart(found[2].strip(" ,;()"))[0]
        return found[1].strip(" ,;("), " ".join(agent.split())
    return text, None
