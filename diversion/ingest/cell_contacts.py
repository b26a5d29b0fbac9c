"""Telephones, faxes, e-mails and web addresses that stand inside the cell of a party."""

from __future__ import annotations

import re

_EMAIL = re.compile(
    r"(?i)(?:\be-?mail\b|почта|邮箱)?\s*[:：.\-]*\s*([a-z0-9][a-z0-9._%+\-]*@[a-z0-9][a-z0-9.\-]*\.[a-z]{2,24})"
)
_WEB = re.compile(
    r"(?i)(?:\b(?:web(?:site)?|url|http)\b)?\s*[:：]*\s*((?:https?://|www\.)[a-z0-9][a-z0-9.\-/_]*)"
)
_LABEL = (
    r"(?:tele?(?:phone|fono?|fon|fax|\.?/fax)?|ph(?:one)?|mobile|mob|cell|celular|cel|contact\s*no|fax|faks|whatsapp|hp|"
    r"тел(?:ефон)?|факс|моб|电话|電話|传真|手机|điện thoại|đt|t|f|m|p)"
)
_NUMBER = r"\(?\+?\s*[0-9(][0-9()\s./\-]{4,22}[0-9]"
_PHONE = re.compile(
    rf"(?i)(?<![^\W_])({_LABEL})(?:\s*no|\s*number|\s*nos)?\s*(?:[.:：#\-/]+|(?=\s*[+(]?[0-9]{{3}})(?<![tfmp]))\s*"
    rf"({_NUMBER}(?:\s*[,/]\s*\+?[0-9][0-9\s\-]{{6,16}}[0-9])*)"
)
_INTERNATIONAL = re.compile(r"(?<![0-9A-Za-z])(\+\s?[0-9][0-9()\s.\-]{7,18}[0-9])")
_DIGITS = re.compile(r"[0-9]")
_FEWEST, _MOST = 6, 34
_LONGEST = 1000


def contacts(text: str) -> tuple[str, list[str]]:
    """The text without what tells how to reach somebody, and that, as `phone:…`, `email:…`, `web:…`.

    >>> contacts("ACME LTD TEL: +971 4 123 4567 e-mail: a@b.ae")
    ('ACME LTD', ['email:a@b.ae', 'phone:+971 4 123 4567'])
    >>> contacts("FAX PARTS 2000 LTD")
    ('FAX PARTS 2000 LTD', [])
    """
    found: list[str] = []
    for pattern, scheme in ((_EMAIL, "email"), (_WEB, "web")):
        if "@" in text or scheme == "web":
            found += [f"{scheme}:{hit[1].rstrip('.-/')}" for hit in pattern.finditer(text)]
            text = pattern.sub(" ", text)
    text, phones = _phones(text)
    found = list(dict.fromkeys(found + phones))
    return tidy(text) if found else text, found


def _phones(text: str) -> tuple[str, list[str]]:
    found: list[str] = []

    def taken(hit: re.Match[str]) -> str:
        number = hit[hit.lastindex or 0].strip()
        if not _FEWEST <= len(_DIGITS.findall(number)) <= _MOST:
            return hit[0]
        found.append(f"phone:{' '.join(number.split())}")
        return " "

    text = _PHONE.sub(taken, text)
    return _INTERNATIONAL.sub(taken, text), found


def tidy(text: str) -> str:
    """Without punctuation that what was taken out left behind; lines stay."""
    lines = (
        re.sub(r"\s*([,;])(?:\s*[,;.])+", r"\1", " ".join(line.split()))
        for line in re.split(r"[\r\n]+", text)
    )
    return "\n".join(line.strip(" ,;:-/|") for line in lines if line.strip(" ,;:-/|.()"))


def told(text: str) -> tuple[list[str]]:
    """What a column of contacts holds; a bare number is a telephone.

    >>> told("04 123 4567"), told("info@acme.ae, +7 495 1234567")
    ((['phone:04 123 4567'],), (['email:info@acme.ae', 'phone:+7 495 1234567'],))
    """
    rest, found = contacts(" ".join(text[:_LONGEST].split()))
    if not found and len(_DIGITS.findall(rest)) >= _FEWEST and not re.search(r"[^\W\d_]{3}", rest):
        found = [f"phone:{rest}"]
    return (found,)
