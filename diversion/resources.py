"""Folders that stand beside the package in a checkout and inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

from diversion.errors import DiversionError

PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder `name`: packaged if there is one, else the sibling in the checkout.

    >>> (folder("graph_schema") / "nodes" / "party.yaml").is_file()
    True
    """
    for place in (PACKAGE / f"_{name}", PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise DiversionError(f"the folder {name} is missing", hint="install the package again")
