"""A person, a ship and a company as OFAC might list them, in each of its formats. All of it is made up."""

from __future__ import annotations

from pathlib import Path

NOTHING = "-0- "


def _entry(*cells: str | None) -> str:
    return (
        ",".join(NOTHING if cell is None else cell if cell.isdigit() else f'"{cell}"' for cell in cells)
        + "\r\n"
    )


SDN = "".join(
    (
        _entry(
            *("90001", "NEBULA, Orion Petrovich", "individual", "RUSSIA-EO14024] [CYBER2", "Director"),
            *[None] * 6,
            "DOB 17 May 1971; nationality Russia; Passport 77X123 (Russia); a.k.a. 'THE COMET'.",
        ),
        _entry(
            *("90002", "QUASAR STAR", "vessel", "RUSSIA-EO14024", None, "UBXY7", "Oil Tanker"),
            *("5000", "3000", "Malta", "Quasar Lines", None),
        ),
        _entry("90003", "PULSAR TRADING OOO", None, "RUSSIA-EO14024", *[None] * 8),
    )
)
ALT = f'90001,1,"aka","NEBULAEV, Orion",{NOTHING}\r\n90003,2,"fka","PULSAR OOO",{NOTHING}\r\n\x1a'
ADD = (
    f'90001,1,"12 Invented Street","Moscow 101000","Russia",{NOTHING}\r\n'
    f'90003,2,{NOTHING},{NOTHING},"Cyprus",{NOTHING}\r\n'
    f'90003,3,"1 Unreal Quay",{NOTHING},"Korea, North",{NOTHING}\r\n\x1a'
)

XML = (Path(__file__).parent / "ofac_sdn.xml").read_text(encoding="utf-8")
ADVANCED = (Path(__file__).parent / "ofac_advanced.xml").read_text(encoding="utf-8")


def publication(folder: Path) -> list[Path]:
    """The old files, the one with the entries last."""
    texts = {"alt.csv": ALT, "add.csv": ADD, "sdn.csv": SDN}
    return [text_file(folder / name, text) for name, text in texts.items()]


def text_file(path: Path, text: str) -> Path:
    """A file that holds the text, its line ends as they are."""
    path.write_bytes(text.encode())
    return path
