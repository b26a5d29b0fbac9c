"""How alike two words of names are, and in what way: translated, transliterated, shortened, misspelt."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from diversion.parties.lexicon import commonness, concept, known_word, place_of, same_names, short_names

Way = Literal["same", "sound", "meaning", "short", "initial", "vowels", "typo", "acronym", "other"]
SOUND, MEANING, VOWELS, SHORT, INITIAL = 0.97, 0.93, 0.9, 0.85, 0.8
DISTINCT = 0.45
"""Two words that are known to be different ones are no more alike than this, whatever their letters."""
NEAR = 0.87
"""Words that differ only in letters which transliterations disagree on."""
_SAME_SOUNDS = str.maketrans("ghdbfjzou", "kktpvCsuu")


class Alike(NamedTuple):
    """Likeness of two words from 0 to 1, and what makes it."""

    score: float
    way: Way


OTHER = Alike(0.0, "other")


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
        ("(?<=[bdfghjklmnprstvxzCk])ye?o(?=[a-z])", "e"),
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
    here, there = place_of(left), place_of(right)
    if here and there:
        near = here == there or sound(here) == sound(there)
        return Alike(SOUND, "sound") if near else Alike(DISTINCT, "other")
    return _shorter(left, right) or (
        Alike(DISTINCT, "other") if (a and b) or (c and d) or _two(left, right) else None
    )


def _shorter(left: str, right: str) -> Alike | None:
    """Whether one word is a short form of the other."""
    e, f = short_names().get(left), short_names().get(right)
    known = e and f and e & f
    return Alike(SHORT, "short") if known or _shortened(left, right) or _shortened(right, left) else None


def _two(left: str, right: str) -> bool:
    """Whether two words are known to be two."""
    if left.startswith(right) or right.startswith(left):
        return False
    return _other_ending(left, right) or (known_word(left) and known_word(right))


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
