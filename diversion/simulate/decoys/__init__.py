"""What looks like diversion and must not be flagged, with the reason."""

from __future__ import annotations

from collections.abc import Callable

from diversion.simulate.decoys import listing, owners, papers, timing
from diversion.simulate.stage import Stage

DECOYS: tuple[Callable[[Stage], None], ...] = (timing.plant, listing.plant, owners.plant, papers.plant)
"""Every concern, in the order in which the truth tells them."""
