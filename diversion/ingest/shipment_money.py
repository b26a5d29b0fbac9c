"""What goods are worth, in the currency of the record and in US dollars."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from diversion.ingest.asked import Reading
from diversion.ingest.stage import Stage


def _whole(column: str) -> str:
    """SQL of an amount that a header may state in thousands."""
    return f"{column}__number * coalesce(TRY_CAST(t_{column}_scale AS DOUBLE), 1)"


PARSED = {
    "value": f"coalesce({_whole('value')}, {_whole('value_usd')})",
    "currency": "CASE WHEN value__number IS NULL AND value_usd__number IS NOT NULL THEN 'USD' "
    "ELSE coalesce(currency__code, value__currency) END",
    "value_usd": f"coalesce({_whole('value_usd')}, CASE WHEN coalesce(currency__code, value__currency, "
    f"CASE WHEN t_currency IS NULL AND NOT $foreign THEN 'USD' END) = 'USD' THEN {_whole('value')} END)",
}
"""Only a file made for this tool means dollars where it names no currency."""

_DAY = "coalesce(p.departed_on, p.arrived_on)"
_OTHER = "p.fault = 0 AND p.value IS NOT NULL AND p.value_usd IS NULL AND p.currency IS NOT NULL"


def prepare(stage: Stage, how: Reading) -> None:
    """Make the table `rate` of the rates by which values may be converted."""
    rates = [(r.currency, r.from_day, r.until_day, r.usd, r.exact, r.status) for r in how.rates or ()] or [
        ("", date.min, date.min, 0.0, False, "")
    ]
    names = ("currency", "since", "until", "usd", "exact", "status")
    stage.keep("rate", pa.table(dict(zip(names, map(list, zip(*rates, strict=True)), strict=True))))


def convert(stage: Stage) -> bool:
    """Make `dollar`: the rate of each currency and day with a value to convert; False where there is none."""
    if not stage.rows(f"SELECT 1 FROM parsed p WHERE {_OTHER} LIMIT 1"):
        return False
    stage.run(
        f"CREATE TABLE IF NOT EXISTS dollar AS SELECT a.currency, a.day, r.usd, r.since, r.status FROM "
        f"(SELECT DISTINCT p.currency, {_DAY} AS day FROM parsed p WHERE {_OTHER}) a JOIN rate r "
        "ON r.currency = a.currency AND a.day >= r.since AND a.day < r.until QUALIFY row_number() OVER "
        "(PARTITION BY a.currency, a.day ORDER BY r.exact DESC, r.since DESC) = 1"
    )
    return True


def converted(stage: Stage) -> tuple[str, str]:
    """SQL of `value_usd`, `usd_rate` and `usd_rate_on` over `parsed p`, and the join that it needs."""
    if not convert(stage):
        return "p.value_usd", ""
    told = "coalesce(p.value_usd, p.value * d.usd) AS value_usd, d.usd AS usd_rate, d.since AS usd_rate_on"
    return told, f"LEFT JOIN dollar d ON {_OTHER} AND d.currency = p.currency AND d.day = {_DAY}"


def remarks(stage: Stage) -> list[str]:
    """How many values were converted, by what, and how many were not; and what stood in thousands."""
    return _scaled(stage) + (_converted(stage) if convert(stage) else [])


def _scaled(stage: Stage) -> list[str]:
    """What was multiplied; the row of the file keeps the amount as it stands."""
    told = []
    for column in ("value", "value_usd"):
        found = stage.rows(
            f"SELECT {column}_scale, count(*) FROM raw WHERE {column} IS NOT NULL AND {column}_scale <> '1' "
            "GROUP BY ALL ORDER BY ALL"
        )
        told += [f"{count} amounts of {column} were multiplied by {factor}" for factor, count in found]
    return told


def _converted(stage: Stage) -> list[str]:
    found = stage.rows(
        "SELECT count(*), count(d.usd), string_agg(DISTINCT d.currency, ', ' ORDER BY d.currency), "
        "string_agg(DISTINCT d.status, ', ' ORDER BY d.status) FROM parsed p LEFT JOIN dollar d "
        f"ON d.currency = p.currency AND d.day = {_DAY} WHERE {_OTHER}"
    )
    told = []
    for whole, done, currencies, status in found:
        if done:
            told.append(
                f"{done} values in {currencies} were converted into US dollars by the policy's rates of "
                f"their "
                f"day's period, whose status is: {status}"
            )
        if whole > done:
            told.append(
                f"{whole - done} values are in other currencies than US dollars and were not converted: the "
                "policy has no rate for them"
            )
    return told
