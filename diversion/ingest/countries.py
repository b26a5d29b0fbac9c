"""Countries by code and by name, in the main languages of customs files."""

from __future__ import annotations

import csv
import gettext
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from diversion.ingest.asked import Asked, Reader
from diversion.ingest.columns import squeeze

LANGUAGES = (
    "es",
    "pt",
    "pt_BR",
    "fr",
    "de",
    "it",
    "nl",
    "pl",
    "ru",
    "uk",
    "tr",
    "zh_CN",
    "zh_TW",
    "ja",
    "ko",
    "vi",
    "id",
    "ar",
    "fa",
    "kk",
    "uz",
    "cs",
    "hu",
    "ro",
    "bg",
    "el",
    "sr",
    "hr",
    "sv",
    "da",
    "fi",
    "th",
    "hy",
    "ka",
    "az",
    "ky",
    "tg",
    "be",
    "mn",
    "he",
    "et",
    "lt",
    "lv",
    "sk",
    "sl",
    "nb_NO",
    "mk",
    "ms",
    "bn",
    "ur",
    "sw",
)
_APART = re.compile(
    r"\s*[()\[\]:;,|–—/]+\s*|\s+-+\s*|\s*-+\s+|(?<=[0-9])\s*-\s*|(?<=^[A-Za-z]{2})-|(?<=^[A-Za-z]{3})-"
)
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.0+)?")
_LONGEST = 100
SPOKEN = ("usa", "uae", "prc", "ksa")


def data(name: str) -> list[str]:
    """The lines of a table of this package without comments."""
    text = (files("diversion.ingest") / "data" / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def countries() -> dict[str, str]:
    """Squeezed code or English name → ISO 3166-1 alpha-2. Codes win over names."""
    found: dict[str, str] = {}
    rows = list(csv.DictReader(data("countries.csv")))
    for row in rows:
        found[row["alpha2"].casefold()] = found[row["alpha3"].casefold()] = row["alpha2"]
    for row in rows:
        for name in row["names"].split("|"):
            found.setdefault(squeeze(name), row["alpha2"])
    return found


@cache
def names() -> dict[str, str]:
    """Squeezed name in any of `LANGUAGES`, or as customs shorten it → alpha-2; none where two bear it.

    Made when a text is met that is no code and no English name; costs some 100 ms once.
    """
    found: dict[str, str] = {}
    meant: dict[str, set[str]] = defaultdict(set)
    for row in csv.DictReader(data("country_names.csv")):
        found.update(dict.fromkeys(map(squeeze, row["names"].split("|")), row["alpha2"]))
    for name, code in _translated():
        meant[squeeze(name)].add(code)
    for word, codes in meant.items():
        if (len(word) > 2 or not word.isascii()) and word not in found and len(codes) == 1:
            found[word] = codes.pop()
    found.pop("", None)
    return found


def _translated() -> Iterator[tuple[str, str]]:
    import pycountry

    place = pycountry.LOCALES_DIR
    tables = [gettext.NullTranslations()]
    tables += [gettext.translation("iso3166-1", place, [language], fallback=True) for language in LANGUAGES]
    for one in pycountry.countries:
        for name in {
            one.name,
            getattr(one, "official_name", one.name),
            getattr(one, "common_name", one.name),
        }:
            for table in tables:
                told = table.gettext(name)
                yield told, one.alpha_2
                if "," in told:
                    last, first = told.split(",", 1)
                    yield f"{first} {last}", one.alpha_2


@cache
def _numbers() -> dict[str, str]:
    import pycountry

    return {one.numeric: one.alpha_2 for one in pycountry.countries}


def named(text: str) -> str | None:
    """The country whose name this is, whole; a code is no name, but for a few that people say."""
    word = squeeze(text)
    if len(word) < 4 and word.isascii() and word not in SPOKEN:
        return None
    return countries().get(word) or names().get(word)


def country(text: str) -> tuple[str | None]:
    """ISO 3166-1 alpha-2 of a code or a name, or of both beside each other where they agree.

    >>> country("ae"), country("ARE"), country("United Arab Emirates"), country("Atlantis")
    (('AE',), ('AE',), ('AE',), (None,))
    >>> country("ÇİN"), country("GB (ENGLAND)"), country("HK - HONG KONG"), country("156-CHINA")
    (('CN',), ('GB',), ('HK',), ('CN',))
    >>> country("Korea, Republic of"), country("CN - India")
    (('KR',), (None,))
    """
    if code := _whole(text):
        return (code,)
    parts = [part for part in _APART.split(text) if part] if len(text) <= _LONGEST else []
    if len(parts) < 2:
        return (None,)
    if code := _whole(" ".join([*parts[1:], parts[0]])):
        return (code,)
    told = [_whole(part) for part in parts if not _NUMBER.fullmatch(part)]
    known = set(told) - {None}
    return (known.pop(),) if len(known) == 1 and told[0] and None not in told[:2] else (None,)


def nearest(text: str) -> str | None:
    """The country whose English name is nearest to this one, if any is near; to be offered, never taken.

    >>> nearest("Germny"), nearest("ZZ")
    ('DE', None)
    """
    from difflib import get_close_matches

    near = get_close_matches(squeeze(text), [name for name in countries() if len(name) > 3], n=1, cutoff=0.8)
    return countries()[near[0]] if near else None


def _whole(text: str) -> str | None:
    word = squeeze(text)
    return countries().get(word) or (names().get(word) if word else None)


def numbered(text: str) -> str | None:
    """The country of an ISO 3166-1 number, with or without its zeros.

    >>> numbered("156"), numbered("36"), numbered("999")
    ('CN', 'AU', None)
    """
    return _numbers().get(text.partition(".")[0].zfill(3)) if _NUMBER.fullmatch(text) else None


def make(asked: Asked) -> Reader:
    """The reader of countries; bare numbers are those of ISO 3166-1 only where all of them are."""
    numbers = list(asked.texts(r"^[0-9]{1,3}(\.0+)?$"))
    if not numbers or not all(map(numbered, numbers)):
        return country
    return lambda text: (numbered(text),) if _NUMBER.fullmatch(text) else country(text)
