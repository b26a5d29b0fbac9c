"""The README of a simulated world: what it is, what was planted, what must not be flagged."""

from __future__ import annotations

import pandas as pd

from diversion.simulate.world import World

HEAD = """# {title}
An invented world for trying out and testing `diversion`. Nobody in it exists: names of companies and
people, addresses, register numbers and list entries are made up, and likeness to any real one is chance.
The names of the lists are those of real lists; the entries are not theirs.

Written by `diversion simulate --seed {seed}`: the same seed gives the same files, byte for byte.

| file | rows | what |
|---|---|---|
| shipments.csv | {shipments:,} | lines of shipments, {first} to {last} |
| parties.csv | {parties:,} | a register: companies, persons, public bodies, in {countries} countries |
| ownership.csv | {ownership:,} | holdings: exact shares, bands, chains, joint ventures, some of them ended |
| listings.csv | {listings:,} | entries of restricted-party lists, most with a name and an address only |
| truth.csv | {truth:,} | what was planted, what is lawful: `id, label, kind, parties, shipments, goods, …` |

The planted stories and decoys stay as many as they are in a world of any size; parties, and lawful sales
to restricted parties, grow with its shipments.

In `truth.csv` the parties of a route stand in order (where a sister or a neighbour sends on what another
received, both stand there, receiver first); shipments are given hop by hop, hops set apart by `|`,
shipments of a hop by `;`.

## The world
Makers sell to distributors and to buyers, the same pairs again and again; distributors in the hubs send
on what they received, some within days, some after months. Goods are electronics, bearings, machine
tools, avionics and optics, many of them on the Common High Priority List, and also wheat, shirts,
furniture and bananas. Sizes are heavy-tailed, trade has its seasons, and many distributors are young,
some of them founded after February 2022: that alone makes nobody guilty.

Until 24 February 2022 goods of that list went lawfully to Russia and Belarus. After it none do, save what
is planted; to Iran, Syria, North Korea and Cuba none ever did. Some companies were put on lists during
these years; most of those who supplied them stopped, and some went on, lawfully.

Records are as records are: names in several scripts, in capitals, with another legal form or typed on a
latin keyboard; parties without their number; a month for a day; a date, a quantity or a weight missing;
codes with six or ten digits; goods consigned to the order of a bank, or to a forwarder, with a party to
be notified. About one party in thirty is in no register.
"""

LAWFUL = """## Lawful sales to restricted parties
Each ends at a party on a list that asks for a licence, or that was listed days before: by the definition it
is a route, and so is each supply of the seller's within 180 days before it. It is harmless all the same, for
the reason given. These should stand behind the planted routes; some are hard, and state neither licence nor
use. Given is the last hop alone. That goods made elsewhere need no licence is simpler here than in the law:
there, a share of parts or a foreign tool may suffice.

| id | kind | who to whom | HS | shipments | why it is harmless |
|---|---|---|---|---|---|"""


def tell(world: World, tables: dict[str, pd.DataFrame]) -> str:
    """The page, as Markdown."""
    names = dict(zip(tables["parties"]["party_id"], tables["parties"]["name"], strict=True))
    counts = {name: len(table) for name, table in tables.items()}
    title = "The sample world" if world == World() else "A simulated world"
    span = {"first": world.first.isoformat(), "last": tables["shipments"]["departed_on"].dropna().max()}
    countries = tables["parties"]["country"].nunique()
    head = HEAD.format(title=title, seed=world.seed, countries=countries, **span, **counts)
    truth = tables["truth"]
    planted = [_route(row, names) for _, row in truth[truth["label"] == "planted"].iterrows()]
    decoys = [_route(row, names) for _, row in truth[truth["label"] == "decoy"].iterrows()]
    return "\n".join(
        [
            head,
            "## Planted routes",
            "By each, goods of the list came to somebody who was restricted on that day.\n",
            *planted,
            "## Decoys",
            "Each looks like a route and is none, for the reason given.\n",
            *decoys,
            *_lawful(truth[truth["label"] == "lawful"], names),
        ]
    )


def _lawful(sales: pd.DataFrame, names: dict[str, str]) -> list[str]:
    """The first hundred sales as a table."""
    rows = [_sale(row, names) for _, row in sales.head(100).iterrows()]
    more = f"\n{len(sales) - 100:,} more are told in `truth.csv`.\n" if len(sales) > 100 else ""
    return [LAWFUL, *rows, more]


def _sale(row: pd.Series, names: dict[str, str]) -> str:
    chain = " → ".join(f"{names.get(p, '?')} (`{p}`)" for p in row["parties"].split(";"))
    goods, numbers = row["goods"].replace(";", ", "), row["shipments"].replace(";", " ")
    return f"| {row['id']} | {row['kind']} | {chain} | {goods} | {numbers} | {row['note']} |"


def _route(row: pd.Series, names: dict[str, str]) -> str:
    chain = " → ".join(f"{names.get(p, '?')} (`{p}`)" for p in row["parties"].split(";"))
    hops = row["shipments"].split("|")
    numbers = " | ".join(" ".join(hop.split(";")) for hop in hops)
    lines = [f"### {row['id']}: {row['kind']}", chain, "", str(row["note"])]
    if isinstance(row["case"], str):
        lines.append(f"*After* {row['case']}.")
    return "\n".join([*lines, f"Goods HS {row['goods'].replace(';', ', ')}; shipments {numbers}.", ""])
