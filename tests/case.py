"""A case small enough to count by hand, and a way to run commands on it."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diversion import cli

SHIPMENTS = """\
shipment_id,departed_on,arrived_on,exporter,exporter_country,consignee,consignee_country,hs_code,description,\
quantity,unit,value,currency
S-1,2023-03-01,2023-03-05,Nordic Radian AG,CH,Kestrel Trading FZE,AE,854231,circuits,1000,pieces,310000,USD
S-2,2023-03-03,2023-03-09,Nordic Radian AG,CH,Kestrel Trading FZE,AE,854231,circuits,1200,pieces,380000,USD
S-3,2023-03-20,2023-03-28,Kestrel Trading FZE,AE,Volga Instruments,KZ,854231,circuits,2100,pieces,900000,USD
S-4,2023-03-04,2023-03-08,Kestrel Trading FZE,AE,Volga Instruments,KZ,854231,circuits,50,pieces,9000,USD
S-5,2023-04-02,2023-04-08,Nordic Radian AG,CH,Honest Buyer Ltd,GB,854231,circuits,70,pieces,21000,USD
"""
LISTINGS = """\
name,authority,programme,listed_on,country
Volga Instruments,US BIS,Entity List,2022-04-08,KZ
"""


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(*arguments: object) -> Ran:
    """Run the command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            cli.main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
    return Ran(code, out.getvalue(), err.getvalue())


def write_case(folder: Path) -> list[Path]:
    """The files of the small case."""
    files = {"shipments.csv": SHIPMENTS, "listings.csv": LISTINGS}
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in files]
