"""Names and addresses as keys: the same name written twice gives the same key.

The steps are those that matchers of this field share (compare `rigour` and `fingerprints`, MIT, of
OpenSanctions): Unicode NFKC, transliteration to Latin letters, legal form canonicalised. Legal forms are
data: `legal_forms.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from diversion.ids import digest

CACHED = 1 << 18
_DOTTED = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?")
_SLASHED = re.compile(r"(?<![^\W_])([^\W\d_])/([^\W\d_])(?![^\W_])")
_GONE = re.compile(r"['’‘`´\"“”«»„]")
_APART = re.compile(r"[^a-z0-9]+")
_HAN = re.compile(r"([\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3])")


@dataclass(frozen=True)
class Forms:
    """Legal forms: spelling → form, by what stands last and by what stands first; form → family."""

    last: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    first: dict[str, tuple[tuple[tuple[str, ...], str], ...]]
    family: dict[str, str]
    scripts: tuple[tuple[str, str], ...]
    address: dict[str, str]


def _by(spellings: Iterator[tuple[str, str]], at: int) -> dict[str, tuple[tuple[tuple[str, ...], str], ...]]:
    index: dict[str, set[tuple[tuple[str, ...], str]]] = {}
    for spelling, form in spellings:
        tokens = tuple(spelling.split())
        index.setdefault(tokens[at], set()).add((tokens, form))
    return {word: tuple(sorted(found, key=lambda f: (-len(f[0]), f))) for word, found in index.items()}


@cache
def forms() -> Forms:
    """The table of legal forms, read once a process."""
    raw = tomllib.loads((files("diversion.parties") / "legal_forms.toml").read_text(encoding="utf-8"))
    table = raw["forms"]
    return Forms(
        last=_by(((s, form) for form, row in table.items() for s in row["spellings"]), -1),
        first=_by(((s, form) for form, row in table.items() for s in row.get("front", ())), 0),
        family={form: row["family"] for form, row in table.items()},
        scripts=tuple(sorted(raw["scripts"].items(), key=lambda pair: (-len(pair[0]), pair[0]))),
        address=raw["address"],
    )


def _latin(text: str) -> str:
    if text.isascii():
        return text.lower()
    from anyascii import anyascii

    text = unicodedata.normalize("NFKC", text.replace("№", " no "))
    for written, read in forms().scripts:
        if written in text:
            text = text.replace(written, f" {read} ")
    return str(anyascii(_HAN.sub(r" \1 ", text))).lower()


def words(text: str) -> list[str]:
    """The words of a name in Latin lower case; dotted or spaced initials become one word.

    >>> words("J. R. Smith & Söhne GmbH")
    ['jr', 'smith', 'and', 'sohne', 'gmbh']
    """
    text = _latin(text)
    text = _SLASHED.sub(r"\1\2", _DOTTED.sub(lambda run: run[0].replace(".", "") + " ", text))
    text = _GONE.sub("", text.replace("&", " and ").replace("+", " and "))
    return _join_initials(_APART.sub(" ", text).split())


def _join_initials(tokens: list[str]) -> list[str]:
    if not any(len(token) == 1 for token in tokens):
        return tokens
    joined: list[str] = []
    run = ""
    for token in [*tokens, ""]:
        if len(token) == 1 and token.isalpha():
            run += token
            continue
        if run:
            joined.append(run)
            run = ""
        joined.append(token)
    return joined[:-1]


def _strip_last(tokens: list[str]) -> str | None:
    for spelling, form in forms().last.get(tokens[-1], ()):
        if len(spelling) < len(tokens) and tuple(tokens[-len(spelling) :]) == spelling:
            del tokens[-len(spelling) :]
            return form
    return None


def _strip_first(tokens: list[str]) -> str | None:
    for spelling, form in forms().first.get(tokens[0], ()):
        if len(spelling) < len(tokens) and tuple(tokens[: len(spelling)]) == spelling:
            del tokens[: len(spelling)]
            return form
    return None


@lru_cache(maxsize=CACHED)
def split(name: str | None) -> tuple[str, str]:
    """The name without its legal form, and that form (`""` where it has none).

    >>> split("АО «Волга Приборы»"), split("Kestrel Trading Co., Ltd.")
    (('volga pribory', 'jsc'), ('kestrel trading', 'ltd'))
    """
    tokens = words(name) if name else []
    place, end, form = without_form(tokens)
    return " ".join(tokens[place:end]), form


def without_form(tokens: Sequence[str]) -> tuple[int, int, str]:
    """Where the name stands among its words, the legal form apart: beginning, end, form.

    >>> without_form(["ooo", "sigma", "trading"]), without_form([])
    ((1, 3, 'llc'), (0, 0, ''))
    """
    if not tokens:
        return 0, 0, ""
    left = list(tokens)
    form = _strip_first(left)
    place = len(tokens) - len(left)
    last = _strip_last(left)
    # "Sigma Trading Co LLC": what stands last is the form, a bare "company" before it adds nothing.
    while last and len(left) > 1 and left[-1] in ("co", "company"):
        left.pop()
    if last and (form is None or form == "co"):
        form = last
    return place, place + len(left), form or ""


def name_key(name: str | None) -> str:
    """The key of a name: Latin letters, lower case, no punctuation, the legal form apart at the end.

    Numbers and the order of words are kept. `""` for no name, and for a name without letters or digits
    of any script. Some 10 µs a name, cached.

    >>> name_key("ООО Сигма Электроникс"), name_key("Sigma Elektroniks, L.L.C.")
    ('sigma elektroniks|llc', 'sigma elektroniks|llc')
    >>> name_key("Plant No. 5"), name_key(None)
    ('plant no 5', '')
    """
    base, form = split(name)
    return f"{base}|{form}" if form else base


@lru_cache(maxsize=CACHED)
def address_key(text: str | None) -> str:
    """The key of an address: Latin letters, lower case, no punctuation, usual abbreviations read as one.

    >>> address_key("Room 1204, 12/F., Hung Fat Building") == address_key("RM 1204 12/F Hung Fat Bldg.")
    True
    """
    if not text:
        return ""
    read = forms().address
    tokens = _APART.sub(" ", _GONE.sub("", _latin(text))).split()
    return " ".join(word for word in (read.get(token, token) for token in tokens) if word)


def mention_id(name: str | None, country: str | None = None) -> str:
    """The id of a party that a record only names: the same for the same key and country in every run.

    >>> mention_id("OOO Sigma", "RU") == mention_id("Sigma LLC", "RU") != mention_id("Sigma LLC", None)
    True
    """
    return "P-" + digest(name_key(name), country or "")


def family(form: str) -> str:
    """Legal forms that registers and translators mix up share a family; `""` for none.

    >>> family("llc") == family("ltd"), family("llc") == family("jsc")
    (True, False)
    """
    return forms().family.get(form, "")
