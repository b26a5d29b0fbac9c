"""Formats that publishers define themselves: how each is read, told by its content and never by its name."""

from __future__ import annotations

FORMATS: dict[str, str] = {
    # register
    "bods": "register",
    "gleif": "register",
    "psc": "register",
    "ftm": "register",
    # lists: one name a list, whatever file format it came in
    "us_csl": "listing",
    "ofac_sdn": "listing",
    "ofac_cons": "listing",
    "bis_dpl": "listing",
    "ofac_aliases": "list_parts",
    "ofac_addresses": "list_parts",
    "ofac_comments": "list_parts",
    "un": "listing",
    "eu": "listing",
    "uk": "listing",
    "opensanctions": "listing",
    "ftm_listing": "listing",
    # finance
    "iso20022": "payments",
    "swift_mt": "payments",
}
"""Format → the recipe that makes tables of its rows."""
PARTIAL = frozenset({"ftm_listing", "opensanctions"})
"""Formats of which a file holds some entries of a list, and never says that it holds all."""
