"""Networks of diversion to be found, one typology a file, modelled on published cases."""

from __future__ import annotations

from collections.abc import Callable

from diversion.simulate.planted import (
    avionics,
    baltic,
    brooklyn,
    chain,
    front,
    holding,
    hong_kong,
    innocent,
    relabel,
    sister,
    substitution,
)
from diversion.simulate.stage import Stage

TYPOLOGIES: tuple[Callable[[Stage], None], ...] = (
    substitution.plant,
    hong_kong.plant,
    brooklyn.plant,
    baltic.plant,
    avionics.plant,
    relabel.plant,
    holding.plant,
    innocent.plant,
    sister.plant,
    chain.plant,
    front.plant,
)
"""Every typology, in the order in which the truth tells them."""
