"""What makes two rows one: rows that say the same are merged, others of one key are faults, but for one."""

from __future__ import annotations

from diversion.ingest.recipe import CONFLICT, MERGED, PARSED, ROW, Recipe
from diversion.ingest.stage import Stage


def settle(stage: Stage, recipe: Recipe) -> None:
    """One row a key: rows that say the same are merged, others are faults, but for one that is kept.

    That is the one received last, of these the one with the lowest digest: not the order of rows decides.
    """
    if recipe.number_twins:
        _number_equal_goods(stage)
        _number_twins(stage)
    stage.run("CREATE TABLE twice AS SELECT id FROM parsed WHERE fault = 0 GROUP BY id HAVING count(*) > 1")
    stage.run(
        "CREATE TABLE ranked AS SELECT n, digest, first_value(digest) OVER best AS kept, "
        f"first_value({ROW}) OVER best AS keeper, row_number() OVER best AS place, "
        "min(known_on) OVER (PARTITION BY id, digest) AS earliest FROM parsed SEMI JOIN twice USING (id) "
        "WHERE fault = 0 WINDOW best AS (PARTITION BY id ORDER BY known_on DESC NULLS LAST, digest, n)"
    )
    stage.run(
        "INSERT INTO faults SELECT n, ?, ? || keeper || ', with other content', NULL FROM ranked "
        "WHERE digest <> kept",
        [recipe.conflict.column, recipe.conflict.reason],
    )
    stage.run(
        f"UPDATE {PARSED} SET fault = CASE WHEN digest <> kept THEN {CONFLICT} WHEN place > 1 THEN {MERGED} "
        "ELSE 0 END, known_on = earliest FROM (SELECT n AS m, kept, place, earliest FROM ranked) WHERE n = m"
    )


def _number_equal_goods(stage: Stage) -> None:
    """Lines without a number, of equal goods and other content, are several: their content numbers them."""
    stage.run(
        f"UPDATE {PARSED} SET line = line || '.' || place, id = id || '.' || place FROM (SELECT n AS m, "
        "dense_rank() OVER (PARTITION BY id ORDER BY digest) AS place FROM parsed SEMI JOIN (SELECT id "
        "FROM parsed WHERE fault = 0 AND unlined GROUP BY id HAVING min(digest) <> max(digest)) USING (id) "
        "WHERE fault = 0 AND unlined) WHERE n = m AND place > 1"
    )


def _number_twins(stage: Stage) -> None:
    """Shipments without an id that say the same are several: they are numbered."""
    stage.run(
        f"UPDATE {PARSED} SET line = said, id = shipment_id || '/' || said FROM (SELECT m, place, "
        "CASE line WHEN '1' THEN '' ELSE line || '.' END || place AS said FROM (SELECT n AS m, line, "
        "row_number() OVER (PARTITION BY id ORDER BY n) AS place FROM parsed WHERE fault = 0 AND numbered)) "
        "WHERE n = m AND place > 1"
    )
