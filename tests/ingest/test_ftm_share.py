"""Stakes as sources write them."""

from __future__ import annotations

import pytest

from diversion.ingest.ftm_share import stake


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (["25"], {"share": "25"}),
        (["33,33 %"], {"share": "33.33"}),
        (["100.00"], {"share": "100"}),
        (["0.5%"], {"share": "0.5"}),
        (["0"], {"share": "0"}),
        (["25-50"], {"share_min": "25", "share_max": "50"}),
        (["more than 25%"], {"share_min": "25", "above_min": "true"}),
        (["≥ 75"], {"share_min": "75"}),
        (["< 10 per cent"], {"share_max": "10", "below_max": "true"}),
        (["75% or more"], {"share_min": "75"}),
        ([], {}),
    ],
)
def test_shares(texts: list[str], told: dict[str, str]) -> None:
    assert stake(texts) == told


@pytest.mark.parametrize("text", ["150", "majority", "50-25", "-5", "1e2", "25%%", "12 shares"])
def test_what_is_no_share(text: str) -> None:
    assert stake([text]) == {"reason": f"stake as written: {text}"}


def test_shares_between_which_it_lies() -> None:
    several = stake(["25", "more than 40%", "60"])
    assert (several["share_min"], several["share_max"]) == ("25", "100")
    assert stake(["0.25"])["share_min"] == "0.25" and stake(["1"])["share_max"] == "100"
