"""Which parties of a route a step leads between."""

from __future__ import annotations

from dataclasses import dataclass

from diversion.findings import Break, Finding


@dataclass(frozen=True)
class Step:
    """From party `one` to party `two`, by position: `hop` counted from 1, or a `jump` where one stands in.

    `change` is a relabel or disguise that leads into the hop.
    """

    one: int
    two: int
    hop: int | None
    jump: Break | None = None
    change: Break | None = None


def steps(finding: Finding) -> tuple[Step, ...]:
    """Every step of the route in order, one fewer than parties."""
    jumped = {b.hop: b for b in finding.breaks if b.stands_in}
    changed = {b.hop: b for b in finding.breaks if not b.stands_in}
    found: list[Step] = []
    hop = 1
    for one in range(len(finding.parties) - 1):
        jump = jumped.pop(hop, None) if hop > 1 else None
        if jump:
            found.append(Step(one, one + 1, None, jump))
            continue
        found.append(Step(one, one + 1, hop, None, changed.get(hop)))
        hop += 1
    return tuple(found)


def numbered(finding: Finding) -> dict[int, str]:
    """Every hop as the numbers of its parties: "1 → 2"."""
    return {step.hop: f"{step.one + 1} → {step.two + 1}" for step in steps(finding) if step.hop}
