"""What surrounds a few transfers is enough to score them as a run over all does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from diversion.checking.records import Records, some
from diversion.scoring.facts import gather
from diversion.scoring.model import Factor, column
from diversion.scoring.scope import Scope
from diversion.scoring.scorecard import SCORECARD
from tests.scoring.test_scorecard import worlds
from tests.scoring.world import World, dossier

many = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@many
@given(worlds(), st.data())
def test_facts_of_a_few_are_those_of_a_run_over_all(world: World, data: st.DataObject) -> None:
    case = dossier(world)
    size = len(case.transfers)
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, size - 1), min_size=1, max_size=3))), np.int32)
    whole = gather(case)
    near = Records(case).around(rows, np.zeros(0, np.int32))
    part = replace(
        case,
        transfers=replace(some(case.transfers, near), shipment=np.arange(len(near))),
        shipments=case.shipments.take(pa.array(near)),
    )
    few = gather(part, scope=Scope.of(case.transfers, case.shipments))
    at = np.searchsorted(near, rows)
    for one in SCORECARD:
        if isinstance(one, Factor):
            assert (column(one, few)[at] == column(one, whole)[rows]).all(), one.name
