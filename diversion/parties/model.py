"""The match model: a logistic regression over faults, its coefficients in `match_model.toml`.

Fitted by `python -m benchmarks.fit_matching` on other pairs than those it is reported on.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp

from diversion.parties.features import FEATURES


@dataclass(frozen=True)
class Model:
    """Log-odds of two faultless names being one, and what each fault takes off."""

    base: float
    faults: tuple[float, ...]

    def score(self, found: Sequence[float]) -> float:
        """Confidence from 0 to 1; 1 for names without a fault."""
        if not any(found):
            return 1.0
        odds = self.base - sum(c * f for c, f in zip(self.faults, found, strict=True))
        return (1 + exp(-self.base)) / (1 + exp(-max(-40.0, odds)))

    def blamed(self, found: Sequence[float]) -> list[tuple[str, float]]:
        """The faults and the log-odds that each takes off, the heaviest first."""
        taken = [(name, c * f) for name, c, f in zip(FEATURES, self.faults, found, strict=True) if c * f > 0]
        return sorted(taken, key=lambda one: (-one[1], one[0]))


@cache
def models() -> dict[bool, Model]:
    """The models by whether the names are those of persons."""
    text = (files("diversion.parties") / "match_model.toml").read_text(encoding="utf-8")
    raw = tomllib.loads(text)
    return {
        person: Model(
            raw[section]["base"], tuple(float(raw[section]["faults"].get(name, 0)) for name in FEATURES)
        )
        for person, section in ((True, "person"), (False, "company"))
    }
