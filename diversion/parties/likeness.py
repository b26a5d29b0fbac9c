"""How alike two words of names are, and in what way: translated, transliterated, shortened, misspelt."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, NamedTuple

Way = Literal["same", "sound", "meaning", "short", "initial", "vowels", "typo", "acronym", "other"]
SOUND, MEANING, VOWELS, SHORT, INITIAL = 0.97, 0.93, 0.9, 0.85, 0.8
DISTINCT = 0.45
"""Two words that are known to be different ones are no more alike than this, whatever their letters."""
NEAR = 0.87
"""Words that differ only in letters which transliterations disagree on."""
_SAME_SOUNDS = str.maketrans("ghdbfjzou", "kktpvCsuu")
Groups = Mapping[str, frozenset[int]]


class Alike(NamedTuple):
    """Likeness of two words from 0 to 1, and what makes it."""

    score: float
    way: Way


OTHER = Alike(0.0, "other")


@cache
def _names() -> dict[str, object]:
    return tomllib.loads((files("diversion.parties") / "given_names.toml").read_text(encoding="utf-8"))


def _grouped(rows: Iterable[object]) -> Groups:
    found: dict[str, set[int]] = {}
    for place, row in enumerate(rows):
        for word in str(row).split():
            found.setdefault(word, set()).add(place)
    return {word: frozenset(places) for word, places in found.items()}


@cache
def same_names() -> Groups:
    """Spelling of a name → the rows of `same` in which it stands."""
    return _grouped(_rows("same"))


@cache
def _short_names() -> Groups:
    return _grouped(_rows("short"))


def _rows(section: str) -> list[object]:
    rows = _names()[section]
    assert isinstance(rows, list)
    return rows


@cache
def concepts() -> Groups:
    """Word of company names → its concepts in `meanings.toml`."""
    raw = _meanings()
    sections = (raw[name] for name in ("trade", "industry", "body", "rank", "place"))
    return _grouped(words for section in sections for words in section.values())


_ENDING = re.compile(r"(aya|oye|oe|yye|yy|iy|yi|ii|ij|ogo|ego|oy|oi|ye|ie|ykh|ikh|ym|ov|am|a|o|e|i|y|u)$")


@cache
def _stems() -> Groups:
    """Slavic words without their endings, where that is enough to know them by."""
    found: dict[str, frozenset[int]] = {}
    for word, places in concepts().items():
        stem = _ENDING.sub("", word)
        if len(stem) > 4:
            found[stem] = found.get(stem, frozenset()) | places
    return found


@lru_cache(maxsize=1 << 16)
def concept(word: str) -> frozenset[int]:
    """The concepts of a word, whatever its Slavic ending.

    >>> bool(concept("nauchnoye") & concept("nauchnyy")), concept("kestrel")
    (True, frozenset())
    """
    found = concepts().get(word)
    if found is None and len(word) > 5:
        found = _stems().get(_ENDING.sub("", word))
    return found or frozenset()


@cache
def spelt_out() -> Mapping[str, tuple[str, ...]]:
    """Abbreviation → the generic words for which it stands."""
    return {word: tuple(text.split()) for word, text in _meanings()["spelt_out"].items()}


@cache
def numerals() -> Mapping[str, str]:
    """Number in words → in digits."""
    return {word: number for number, words in _meanings()["numerals"].items() for word in words.split()}


@cache
def _meanings() -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads((files("diversion.parties") / "meanings.toml").read_text(encoding="utf-8"))


@cache
def places() -> frozenset[str]:
    """Words that say where a company is."""
    named = {word for words in _meanings()["place"].values() for word in words.split()}
    return frozenset(named | set(_common()["place"]))


@cache
def titles() -> frozenset[str]:
    """Words said before or after the name of a person."""
    return frozenset(map(str, _rows("titles")))


@cache
def particles() -> frozenset[str]:
    """Joints of names, which come and go."""
    return frozenset(map(str, _rows("particles")))


@cache
def generations() -> Mapping[str, str]:
    """Junior, senior, II: as numbers."""
    table = _names()["generations"]
    assert isinstance(table, dict)
    return {str(word): str(number) for word, number in table.items()}


# Spellings of one sound in the usual transliterations, from the longest; the order matters.
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("shch|schtsch|stch", "sh"),
        ("^x|^hs", "s"),
        ("te[ck]h", "tek"),
        ("(?<=[a-z])sk(iy|ii|yi|ij|y|i|aya|aia|oe|oye|oje|ogo|omu|oy|oi)$", "sk"),
        ("tsch|tch|cz", "C"),
        ("sch|sz|sh", "s"),
        ("ch", "C"),
        ("dzh|dsch|dj|zh", "j"),
        ("tz|ts|zz", "z"),
        ("kh|gh(?=.)|ck|q", "k"),
        ("ph", "f"),
        ("th", "t"),
        ("dh", "d"),
        ("x", "ks"),
        ("w", "v"),
        ("(off|ow)$", "ov"),
        ("eff$", "ev"),
        ("oo|ou", "u"),
        ("ee|ea", "i"),
        ("eo", "o"),
        ("eu", "u"),
        ("a[ey]|e[iy]|ai", "e"),
        ("oe", "o"),
        ("ue", "u"),
        ("y|(?<=[a-z])j(?![aou])", "i"),
        ("(?<=[aeou])h(?![aeiou])", ""),
        ("c(?=[eiy])", "s"),
        ("c", "k"),
        (r"(.)\1+", r"\1"),
        ("ii", "i"),
        ("ie", "e"),
        ("(?<=.)i$|(?<=.)e$", "i"),
    )
]


@lru_cache(maxsize=1 << 17)
def sound(word: str) -> str:
    """The word as it sounds, roughly: transliterations of one name come out equal.

    >>> sound("khrushchev") == sound("krushchev"), sound("tchaikovsky") == sound("chaykovskiy")
    (True, True)
    """
    for pattern, read in _SOUNDS:
        word = pattern.sub(read, word)
    return word


@lru_cache(maxsize=1 << 17)
def skeleton(word: str) -> str:
    """The consonants of a word as it sounds, for scripts that write no short vowels.

    >>> skeleton("khaled") == skeleton("khld")
    True
    """
    heard = sound(word)
    return heard[:1].replace("e", "a").replace("o", "a").replace("u", "a").replace("i", "a") + re.sub(
        "[aeiou`h]", "", heard[1:]
    ).replace("v", "")


@lru_cache(maxsize=1 << 19)
def alike(left: str, right: str) -> Alike:
    """How alike two words are. Symmetric.

    >>> alike("mohammed", "muhamad"), alike("bob", "robert").way, alike("zavod", "plant").way
    (Alike(score=0.97, way='sound'), 'short', 'meaning')
    >>> alike("hassan", "hussein").score <= 0.45
    True
    """
    if left == right:
        return Alike(1.0, "same")
    if left.isdigit() or right.isdigit():
        return OTHER
    known = _known(left, right) or _by_letters(left, right)
    return known or _by_sound(left, right)


def _by_letters(left: str, right: str) -> Alike | None:
    """Plurals, letters misread as digits, and initials."""
    if _plural(left, right) or _plural(right, left):
        return Alike(SOUND, "sound")
    if any(map(str.isdigit, left)) != any(map(str.isdigit, right)):
        same = left.translate(_MISREAD) == right.translate(_MISREAD)
        return Alike(SOUND, "sound") if same else OTHER
    if min(len(left), len(right)) == 1:
        return Alike(INITIAL, "initial") if left[0] == right[0] else OTHER
    return None


def _by_sound(left: str, right: str) -> Alike:
    heard = sound(left), sound(right)
    if heard[0] == heard[1]:
        return Alike(SOUND if len(heard[0]) > 2 else SOUND - 0.05, "sound")
    found = _spelt(left, right, heard)
    if found.score < NEAR and _coarse(heard[0]) == _coarse(heard[1]) and min(map(len, heard)) > 1:
        return Alike(NEAR, "typo")
    return found


_MISREAD = str.maketrans("013458", "oleasb")


def _coarse(heard: str) -> str:
    """A sound without what transliterations disagree on: g or k or h, b or p, o or u."""
    return heard.translate(_SAME_SOUNDS).replace("z", "s")


def _known(left: str, right: str) -> Alike | None:
    """What the tables say of two different words, if anything."""
    a, b = same_names().get(left), same_names().get(right)
    if a and b and a & b:
        return Alike(SOUND, "sound")
    c, d = concept(left), concept(right)
    if c and d and c & d:
        return Alike(MEANING, "meaning")
    e, f = _short_names().get(left), _short_names().get(right)
    if e and f and e & f:
        return Alike(SHORT, "short")
    if _shortened(left, right) or _shortened(right, left):
        return Alike(SHORT, "short")
    if (a and b) or (c and d) or _other_ending(left, right):
        return Alike(DISTINCT, "other")
    return None


def _plural(one: str, many: str) -> bool:
    return len(one) > 3 and (many == one + "s" or (one[-1] == "y" and many == one[:-1] + "ies"))


def _shortened(long: str, short: str) -> bool:
    """Abdulkader and Kader, Uralmashzavod and Uralmash: parts that are often left out."""
    if long.startswith("abd") and min(len(long) - 3, len(short)) > 3:
        return alike(long[3:], short).score >= NEAR
    return long.endswith("zavod") and len(short) > 3 and sound(long[:-5]) == sound(short)


_ENDINGS = re.compile(r"(import|export|bank|neft|gaz|stroy|mash|trans|prom|invest|servis|khim|torg|zavod)$")


def _other_ending(left: str, right: str) -> bool:
    """Compounds of two trades: Tekhnopromimport is not Tekhnopromexport."""
    a, b = _ENDINGS.search(left), _ENDINGS.search(right)
    return bool(a and b and a[0] != b[0])


_SYLLABLE = re.compile(
    "(zh|ch|sh|ts|hs|kh|pp|tt|kk|ss|jj|ky|py|my|hy|ny|ry|ly|kw|hw|gw|[bpmfdtnlgkhjqxrzcsyw])?"
    "(iao|ian|iang|iong|uai|uan|uang|yeo|ia|ie|iu|ua|uo|ui|ue|ai|ei|ao|ou|ae|eo|eu|oe|oo|ee|[aeiou])"
    "(ng|n|k|l|m|p|t|h)?"
)


@lru_cache(maxsize=1 << 16)
def syllable(word: str) -> bool:
    """Whether a word may be one syllable of a Chinese or Korean name, where a letter tells names apart."""
    return len(word) < 7 and _SYLLABLE.fullmatch(word) is not None


def _spelt(left: str, right: str, heard: tuple[str, str]) -> Alike:
    from rapidfuzz.distance import OSA

    size = max(len(left), len(right))
    edits = OSA.distance(left, right)
    by_sound = OSA.distance(*heard) + 0.25
    score = 1 - min(edits / size, by_sound / max(map(len, heard)))
    if left[0] != right[0] and heard[0][:1] != heard[1][:1]:
        score -= 0.08
    if min(len(left), len(right)) <= 3 or (syllable(left) and syllable(right)):
        score -= 0.15
    if commonness(left) < 1 and commonness(right) < 1:
        score -= 0.1  # two words that lists know are two words rather than one and its misspelling
    return Alike(max(0.0, round(score, 4)), "typo")


@lru_cache(maxsize=1 << 17)
def bare_alike(bare: str, full: str) -> Alike:
    """Likeness of a word of which only the consonants are written to a word in full.

    >>> bare_alike("khld", "khaled").score
    0.9
    """
    from rapidfuzz.distance import Indel

    a, b = skeleton(bare), skeleton(full)
    if a == b:
        return Alike(VOWELS if len(a) > 1 else 0.75, "vowels")
    score = float(Indel.normalized_similarity(a, b)) - 0.08
    return Alike(round(max(0.0, score), 4), "vowels") if min(len(a), len(b)) > 2 else OTHER


@cache
def generic() -> frozenset[str]:
    """Words that many companies bear, of `common_words.toml` and `meanings.toml`."""
    return frozenset(word for group in _common().values() for word in group) | set(concepts())


@cache
def _common() -> Mapping[str, list[str]]:
    return tomllib.loads((files("diversion.parties") / "common_words.toml").read_text(encoding="utf-8"))


@cache
def bodies() -> frozenset[str]:
    """Words for a company as such, which come and go."""
    names = ("company", "corporation", "group", "holding", "concern", "enterprise")
    return frozenset(word for name in names for word in _meanings()["body"][name].split())


@cache
def _commonness() -> Mapping[str, float]:
    text = (files("diversion.parties") / "match_model.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)["commonness"]
    return {word: float(weight) for weight, words in table.items() for word in words.split()}


@cache
def trades() -> frozenset[str]:
    """Words by which the name of a company is told from that of a person."""
    sections = ("trade", "industry", "body")
    told = {word for name in sections for words in _meanings()[name].values() for word in words.split()}
    return frozenset(word for word in told - set(same_names()) if len(word) > 3)


@cache
def industries() -> frozenset[str]:
    """Words for a line of business, which tell more than those for trade as such."""
    return frozenset(word for words in _meanings()["industry"].values() for word in words.split())


def commonness(word: str) -> float:
    """What a word weighs by how many names of the lists hold it: 1 for a rare one.

    >>> commonness("zzyzx")
    1.0
    """
    return _commonness().get(word, 1.0)


def forget() -> None:
    """Read the model file anew; for the fit alone, which writes it."""
    _commonness.cache_clear()
