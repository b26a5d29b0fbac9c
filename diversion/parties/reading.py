"""Names of any script in Latin letters, as often as there are ways to read them.

Letter by letter transliteration (anyascii) fails where a script leaves vowels out (Arabic, Hebrew), where one
character has a reading in each language (Han), or where custom has its own spelling (Korean surnames). What
is known of these stands in `readings.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from diversion.parties.names import forms

_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff\u200c]+")
_MARKS = re.compile(r"[\u064b-\u065f\u0670\u0640\u200c\u200d]")
_HEBREW = re.compile(r"[\u0590-\u05ff]+")
_THAI = re.compile(r"[\u0e00-\u0e7f]+")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff々]+")
_KANA = re.compile(r"[\u3040-\u30ff]")
_HANGUL = re.compile(r"[\uac00-\ud7a3]+")
_BRACKETS = re.compile(r"\([^()]*\)|（[^（）]*）|\[[^\[\]]*\]")
_LATIN_ONLY = re.compile(r"[\u0370-\u05ff\u0600-\u06ff\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]+")
_MIXED = re.compile(
    r"[A-Za-z\u0400-\u04ff]*(?:[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z])[A-Za-z\u0400-\u04ff]*"
)
_TWINS = str.maketrans("АВЕКМНОРСТХІЅЈаеорсухіѕј", "ABEKMHOPCTXISJaeopcyxisj")
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]+")


@dataclass(frozen=True)
class Reading:
    """One way to read a name: its text in Latin letters, and the words whose vowels are not written.

    `partial`: it leaves out what stands in brackets, or in other letters beside the Latin ones.
    """

    text: str
    bare: frozenset[str] = frozenset()
    partial: bool = False


def _unmixed(word: re.Match[str]) -> str:
    """A word of Latin letters in which some are Cyrillic ones of the same shape, as forgers and OCR write."""
    plain = word[0].translate(_TWINS)
    return plain if plain.isascii() else word[0]


@cache
def _tables() -> dict[str, dict[str, str]]:
    raw = tomllib.loads((files("diversion.parties") / "readings.toml").read_text(encoding="utf-8"))
    made: dict[str, dict[str, str]] = {}
    for section, table in raw.items():
        if "names" in table:
            rows = (entry.partition(" ") for entry in table["names"].split(", "))
            made[section] = {written: read.strip() for written, _, read in rows}
        else:
            made[section] = table
    arabic = made["arabic_words"] | made["arabic"]
    made["arabic"] = {_arabic(written): read for written, read in arabic.items()}
    return made


def _arabic(text: str) -> str:
    text = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    for written, read in (("ى", "ي"), ("ی", "ي"), ("ک", "ك"), ("ة", "ه"), ("ۀ", "ه")):
        text = text.replace(written, read)
    for written in "أإآٱ":
        text = text.replace(written, "ا")
    return text


@lru_cache(maxsize=1 << 16)
def readings(name: str) -> tuple[Reading, ...]:
    """The ways to read a name, the likeliest first; a name in Latin letters has one, itself.

    >>> readings("محمد خالد")[0].text, [reading.text for reading in readings("金正恩")]
    ('mohammed khaled', ['jin zheng en', 'kim jong eun'])
    """
    whole = _whole(name)
    short = _LATIN_ONLY.sub(" ", _BRACKETS.sub(" ", name))
    if short != name and len(re.findall(r"[A-Za-z]", short)) > 3:
        return (*whole, *(Reading(one.text, one.bare, True) for one in _whole(short)))
    return whole


def _whole(name: str) -> tuple[Reading, ...]:
    if name.isascii():
        return (Reading(name),)
    text = _MIXED.sub(_unmixed, unicodedata.normalize("NFKC", name.replace("№", " no ")))
    for written, read in forms().scripts:
        if written in text:
            text = text.replace(written, f" {read} ")
    bare: set[str] = set()
    for pattern, read_word in ((_ARABIC, _read_arabic), (_HEBREW, _read_hebrew), (_THAI, _read_thai)):
        text = pattern.sub(lambda run: " " + _vowelled(run[0], read_word, bare) + " ", text)  # noqa: B023
    text = _HANGUL.sub(lambda run: f" {_read_hangul(run[0])} ", text)
    text = _GREEK.sub(lambda run: _read_greek(run[0]), text)
    ways = dict.fromkeys(_plain(way) for way in _read_han(text))
    return tuple(Reading(way, frozenset(bare)) for way in ways)


def _plain(text: str) -> str:
    from anyascii import anyascii

    return " ".join(str(anyascii(text)).lower().split())


def _vowelled(run: str, read_word: Callable[[str], str | None], bare: set[str]) -> str:
    read = read_word(run)
    if read is None:
        read = re.sub(r"[^a-z]", "", _plain(run))
        bare.add(read)
    return read


def _read_arabic(word: str) -> str | None:
    table, word = _tables()["arabic"], _arabic(word)
    for prefix, before in (
        ("", ""),
        ("ال", "al "),
        ("لل", ""),
        ("ل", ""),
        ("و", "and "),
        ("وال", "and "),
        ("ب", ""),
    ):
        if word.startswith(prefix) and word[len(prefix) :] in table:
            return before + table[word[len(prefix) :]]
    return None


def _read_hebrew(word: str) -> str | None:
    return _tables()["hebrew"].get(re.sub(r"[\u0591-\u05c7]", "", word))


def _read_thai(word: str) -> str | None:
    found = list(_segments(word, _tables()["thai"]))
    return " ".join(read for _, read in found if read) if all(read for _, read in found) else None


def _segments(text: str, *tables: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """The text cut into the longest entries of the tables and, between them, what none of them knows."""
    place, unknown = 0, ""
    longest = max(len(key) for table in tables for key in table)
    while place < len(text):
        for size in range(min(longest, len(text) - place), 0, -1):
            part = text[place : place + size]
            read = next((table[part] for table in tables if part in table), None)
            if read is not None:
                break
        else:
            unknown, place = unknown + text[place], place + 1
            continue
        if unknown:
            yield unknown, None
            unknown = ""
        yield part, read
        place += size
    if unknown:
        yield unknown, None


def _read_hangul(run: str) -> str:
    """A run of Hangul: words of companies by meaning, two to four syllables as the name of a person."""
    from anyascii import anyascii

    syllables = _tables()["hangul"]
    found = list(_segments(run, _tables()["hangul_words"]))
    if len(found) == 1 and found[0][1] is None:
        spoken = [syllables.get(letter) or str(anyascii(letter)).lower() for letter in run]
        return " ".join(spoken) if len(run) <= 4 else "".join(spoken)
    return " ".join(read or str(anyascii(part)).lower() for part, read in found)


def _read_greek(run: str) -> str:
    text = "".join(
        letter
        for letter in unicodedata.normalize("NFD", run.lower())
        if letter in "\u0308" or not unicodedata.combining(letter)
    )
    text = unicodedata.normalize("NFC", text)
    if text in (words := _tables()["greek_words"]):
        return words[text]
    if text.startswith("μπ"):
        text = "b" + text[2:]
    if text.startswith("ντ"):
        text = "d" + text[2:]
    for written, read in _tables()["greek"].items():
        text = text.replace(written, read)
    return text


def _read_han(text: str) -> list[str]:
    """A text with its Han characters read in Chinese, in Japanese and in Korean, where they can be."""
    if not _HAN.search(text):
        return [text]
    tables = _tables()
    words = tables["han_words"]
    company = any(
        read and len(part) > 1 for run in _HAN.findall(text) for part, read in _segments(run, words)
    )
    japanese = _HAN.sub(lambda run: f" {_japanese(run[0]) or ''} ", text)
    understood = all(_japanese(run) for run in _HAN.findall(text))
    if company:
        return [_HAN.sub(lambda run: f" {_spaced(run[0], words)} ", text)]
    ways = [_HAN.sub(lambda run: f" {' '.join(run[0])} ", text)]
    if understood or _KANA.search(text):
        ways.insert(0, japanese)
    hanja = tables["hanja"]
    if all(letter in hanja for run in _HAN.findall(text) for letter in run):
        ways.append(_HAN.sub(lambda run: " " + " ".join(hanja[letter] for letter in run[0]) + " ", text))
    return ways


def _spaced(run: str, words: Mapping[str, str]) -> str:
    return " ".join(read or " ".join(part) for part, read in _segments(run, words))


def _japanese(run: str) -> str | None:
    """A run as a Japanese family name, alone or with a given name; None where it is not known as one."""
    family, given = _tables()["japanese_family"], _tables()["japanese_given"]
    for cut in range(len(run), 0, -1):
        if run[:cut] in family and (cut == len(run) or run[cut:] in given):
            return " ".join([family[run[:cut]], given.get(run[cut:], "")]).strip()
    return given.get(run)
