"""Numbers that registers and tax offices give, inside the cell of a party or in a column of their own."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module

from diversion.ingest.cell_contacts import tidy

LABELS: dict[str, str] = {
    "INN": r"ИНН|INN",
    "KPP": r"КПП|KPP",
    "OGRN": r"ОГРН(?:ИП)?|OGRN",
    "EDRPOU": r"ЄДРПОУ|ЕДРПОУ|EDRPOU",
    "UNP": r"УНП|UNP",
    "BIN": r"БИН|BIN",
    "IIN": r"ИИН|IIN",
    "VAT": r"V\.?A\.?T\.?(?:\s*REG(?:ISTRATION)?)?|USt-?Id(?:Nr)?|P\.?\s?IVA|TVA|BTW|MOMS",
    "TRN": r"TRN",
    "TIN": r"TIN|T\.I\.N\.?",
    "NIT": r"NIT|N\.I\.T\.?",
    "RUC": r"RUC|R\.U\.C\.?",
    "RUT": r"RUT|R\.U\.T\.?",
    "RFC": r"RFC|R\.F\.C\.?",
    "RIF": r"RIF",
    "CUIT": r"CUIT|C\.U\.I\.T\.?",
    "CNPJ": r"CNPJ(?:/MF)?|C\.N\.P\.J\.?",
    "GSTIN": r"GST(?:IN)?(?:/UIN)?",
    "PAN": r"PAN",
    "IEC": r"IEC|I\.E\.C\.?|IE\s?CODE|IEC\s?CODE",
    "CIN": r"CIN",
    "USCC": r"USCC|USCI|UNIFIED SOCIAL CREDIT(?: CODE)?|(?:统一)?社会信用代码|統一社會信用代碼",
    "BRN": r"统一编号|統一編號|사업자\s?등록\s?번호",
    "MST": r"MST|M\.S\.T\.?|MÃ SỐ THUẾ|MA SO THUE",
    "VKN": r"VKN|VERG[Iİ]\s?(?:K[Iİ]ML[Iİ]K\s?)?(?:NO|NUMARASI)",
    "NPWP": r"NPWP",
    "EIN": r"EIN|IRS",
    "EORI": r"EORI",
    "LEI": r"LEI",
    "NIP": r"NIP",
    "ABN": r"ABN",
    "UEN": r"UEN",
    "TAX": r"TAX\s?(?:ID|NO|CODE|REG|IDENTIFICATION)|COMPANY\s?REG(?:ISTRATION)?|REG(?:ISTRATION)?\s?NO|"
    r"C\.?R\.?\s?NO",
}
"""Scheme → the words that stand before its number."""
CHECKED: dict[str, tuple[str, ...]] = {
    "INN": ("ru.inn",), "OGRN": ("ru.ogrn",), "EDRPOU": ("ua.edrpou",), "UNP": ("by.unp",),
    "NIT": ("co.nit", "gt.nit", "sv.nit"),
    "RUC": ("pe.ruc", "ec.ruc", "py.ruc"), "RUT": ("cl.rut", "uy.rut"), "RFC": ("mx.rfc",),
    "RIF": ("ve.rif",),
    "CUIT": ("ar.cuit",), "CNPJ": ("br.cnpj",), "GSTIN": ("in_.gstin",), "PAN": ("in_.pan",),
    "USCC": ("cn.uscc",),
    "MST": ("vn.mst",), "VKN": ("tr.vkn",), "EIN": ("us.ein",), "LEI": ("lei",), "NIP": ("pl.nip",),
    "ABN": ("au.abn",),
    "UEN": ("sg.uen",), "NPWP": ("id.npwp",),
}  # fmt: skip
"""Scheme → modules of stdnum, one of which must find the number valid."""
FORMS = {
    "KPP": r"[0-9]{9}",
    "BIN": r"[0-9]{12}",
    "IIN": r"[0-9]{12}",
    "TRN": r"[0-9]{15}",
    "EORI": r"[A-Z]{2}[A-Z0-9]{5,15}",
}
SHARED = frozenset(["KPP"])
"""Given to many at once (a tax office's branch code): it tells nobody apart."""

_AFTER = r"(?:\s*(?:NO|NUM|NUMBER|NR|CODE|ID|№|#))?\s*[.:：#№\-]*\s*"
_VALUE = r"([A-Z]{0,5}[0-9](?:[A-Z0-9]|[./\-](?=[A-Z0-9])){3,24})"
_EITHER = "|".join(f"(?P<{scheme}>{words})" for scheme, words in LABELS.items())
_LABELLED = re.compile(rf"(?<![^\W_])(?:{_EITHER}){_AFTER}(?P<value>{_VALUE})(?![^\W_])", re.IGNORECASE)
_LONGEST = 1000
_PAIR = re.compile(r"([0-9]{10})\s*[/\\]\s*[0-9]{9}")
_BARE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./\-]{4,24}")


def numbers(text: str) -> tuple[str, list[str]]:
    """The text without the numbers that are named in it, and those that are valid, as `scheme:number`.

    >>> numbers("ООО СИГМА ИНН 7707083893 КПП 770701001")
    ('ООО СИГМА', ['INN:7707083893'])
    >>> numbers("HOLIDAY INN 12345"), numbers("ACME PAN: AAPFU0939F")
    (('HOLIDAY INN 12345', []), ('ACME', ['PAN:AAPFU0939F']))
    """
    found: list[str] = []

    def taken(hit: re.Match[str]) -> str:
        scheme, value = str(hit.lastgroup and _scheme(hit)), hit["value"].upper()
        if sum(map(str.isdigit, value)) < 4 or not _shaped(scheme, value):
            return hit[0]
        if scheme not in SHARED and _valid(scheme, value):
            found.append(f"{scheme}:{value}")
        return " "

    rest = _LABELLED.sub(taken, text)
    return rest if rest == text else tidy(rest), list(dict.fromkeys(found))


def _scheme(hit: re.Match[str]) -> str:
    return next(scheme for scheme in LABELS if hit[scheme])


def _shaped(scheme: str, value: str) -> bool:
    """Whether a number is of the length or form that the scheme has, so that it is taken for one."""
    if scheme in FORMS:
        return bool(re.fullmatch(FORMS[scheme], value))
    return scheme != "INN" or len(value) in (10, 12)


@cache
def _validators(scheme: str) -> tuple[object, ...]:
    return tuple(import_module(f"stdnum.{name}") for name in CHECKED.get(scheme, ()))


def _valid(scheme: str, value: str) -> bool:
    checks = _validators(scheme)
    return not checks or any(check.is_valid(value) for check in checks)  # type: ignore[attr-defined]


def identifiers(text: str) -> tuple[list[str]]:
    """What a column of numbers holds; one without its name stands for itself.

    >>> identifiers("7707083893/770701001"), identifiers("RUC 20100070970"), identifiers("DE-4711-99")
    ((['INN:7707083893'],), (['RUC:20100070970'],), (['DE-4711-99'],))
    """
    text = " ".join(text[:_LONGEST].split())
    if (pair := _PAIR.fullmatch(text.strip())) and _valid("INN", pair[1]):
        return ([f"INN:{pair[1]}"],)
    rest, found = numbers(text.removesuffix(".0"))
    bare = [
        part
        for part in re.split(r"[\s;,|]+", rest)
        if _BARE.fullmatch(part) and sum(map(str.isdigit, part)) >= 4
    ]
    return (found or bare[:3],)
