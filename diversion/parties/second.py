"""A second opinion on hits: nomenklatura's logic-v2, where the extra `matching` is installed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from diversion.errors import UsageError

SCHEMATA = {"person": "Person", "company": "Organization", "public body": "Organization", "vessel": "Vessel"}


def second_opinions(told: Iterable[dict[str, Any]], kinds: dict[str, str]) -> None:
    """Put the score of logic-v2 (0 to 1) beside each hit, as `second_opinion`; ours stays as it is.

    `kinds` are those of the listings. Loading takes some 5 s. Raises `UsageError` where the extra is
    not installed.
    """
    try:
        from followthemoney import model
        from nomenklatura.matching import LogicV2
        from nomenklatura.matching.types import ScoringConfig
    except ImportError as fault:
        raise UsageError(
            f"a second opinion needs nomenklatura, which is not installed ({fault})",
            where="--second-opinion",
            hint="pip install 'diversion[matching]' (it builds PyICU, which needs ICU and a C++ compiler)",
        ) from fault
    config, count = ScoringConfig.defaults(), 0
    for one in told:
        for hit in one["hits"]:
            schema = SCHEMATA.get(kinds.get(hit["listing_id"], ""), "LegalEntity")
            sides = []
            for name in (one["query"].get("name"), hit["matched"]):
                # logic-v2 keeps what it has read by the id of the entity: every one needs its own.
                count += 1
                raw = {"id": f"q{count}", "schema": schema, "properties": {"name": [name or ""]}}
                sides.append(model.get_proxy(raw))
            hit["second_opinion"] = round(float(LogicV2.compare(sides[0], sides[1], config).score), 4)
