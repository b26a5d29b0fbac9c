"""Parties of ISO 20022 messages: customers with names, addresses and numbers, and agents with BICs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from diversion.ingest import vocabulary, xml
from diversion.ingest.documents import plain
from diversion.ingest.instruments import Role, account, bic

if TYPE_CHECKING:
    from lxml.etree import _Element

_STREET = ("Dept", "SubDept", "Flr", "Room", "BldgNm", "BldgNb", "StrtNm", "PstBx")
_TOWN = ("PstCd", "TwnNm", "TwnLctnNm", "DstrctNm", "CtrySubDvsn")


def customer(parent: _Element, tag: str, role: str) -> tuple[Role | None, str]:
    """A party under `tag`, with the account beside it where that is no IBAN."""
    found = xml.find(parent, tag)
    found = next((one for one in (_in(found, "Pty"), _in(found, "Agt"), found) if one is not None), None)
    if found is None:
        return None, ""
    if xml.find(found, "FinInstnId") is not None:
        return agent(parent, tag, role)
    identifiers, text = _account(parent, f"{tag}Acct")
    organisation, person = xml.find(found, "Id/OrgId"), xml.find(found, "Id/PrvtId")
    stated = organisation if _says(organisation) else person if _says(person) else None
    country = xml.text(found, "PstlAdr/Ctry") or xml.text(found, "CtryOfRes") or ""
    return (
        Role(
            role,
            xml.text(found, "Nm") or "",
            _address(found),
            vocabulary.country(country)[0] or "",
            _bic(organisation),
            (*_numbers(stated), *identifiers),
            "" if stated is None else "company" if stated is organisation else "person",
            xml.text(person, "DtAndPlcOfBirth/BirthDt") or "" if person is not None else "",
        ),
        text,
    )


def agent(parent: _Element, tag: str, role: str) -> tuple[Role | None, str]:
    """A bank under `tag`, with the account beside it, which is none of its own."""
    found = xml.find(parent, f"{tag}/FinInstnId")
    if found is None:
        found = xml.find(parent, f"{tag}/Agt/FinInstnId")
    if found is None:
        return None, ""
    country = xml.text(found, "PstlAdr/Ctry") or ""
    lei, member = xml.text(found, "LEI"), xml.text(found, "ClrSysMmbId/MmbId")
    system = xml.text(found, "ClrSysMmbId/ClrSysId/Cd") or xml.text(found, "ClrSysMmbId/ClrSysId/Prtry")
    known = [f"LEI:{lei}" if lei else "", f"{system}:{member}" if system and member else ""]
    name = xml.text(found, "Nm") or (f"{system} {member}" if system and member and not _bic(found) else "")
    return (
        Role(
            role,
            name,
            _address(found),
            vocabulary.country(country)[0] or "",
            _bic(found),
            tuple(one for one in known if one),
            "company",
        ),
        ", ".join(_account(parent, f"{tag}Acct")[0]) or _account(parent, f"{tag}Acct")[1],
    )


def _in(element: _Element | None, tag: str) -> _Element | None:
    return None if element is None else xml.find(element, tag)


def _says(element: _Element | None) -> bool:
    return element is not None and any(plain(str(text)) for text in element.itertext())


def _bic(element: _Element | None) -> str:
    """Older versions call a BIC by other names."""
    if element is None:
        return ""
    tags = ("BICFI", "BIC", "AnyBIC", "BICOrBEI")
    return next((code for tag in tags if (code := bic(xml.text(element, tag)))), "")


def _numbers(element: _Element | None) -> list[str]:
    """The numbers of an organisation or person as `scheme:number`."""
    if element is None:
        return []
    lei = xml.text(element, "LEI")
    found = [f"LEI:{lei}"] if lei else []
    for other in xml.find_all(element, "Othr"):
        number = xml.text(other, "Id")
        scheme = xml.text(other, "SchmeNm/Cd") or xml.text(other, "SchmeNm/Prtry")
        if number and scheme and number.upper() != "NOTPROVIDED":
            found.append(f"{scheme}:{number}")
    return found


def _account(parent: _Element, tag: str) -> tuple[tuple[str, ...], str]:
    number = xml.text(parent, f"{tag}/Id/IBAN") or xml.text(parent, f"{tag}/Id/Othr/Id")
    return account(number)


def _address(element: _Element) -> str:
    place = xml.find(element, "PstlAdr")
    if place is None:
        return ""
    under = xml.under(place)
    street = " ".join(under[tag] for tag in _STREET if tag in under)
    town = " ".join(under[tag] for tag in _TOWN if tag in under)
    return ", ".join(filter(None, [street, *xml.texts(place, "AdrLine"), town]))
