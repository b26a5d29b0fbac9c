"""What the demo counts: planted, decoys and lawful sales, each by itself."""

from __future__ import annotations

from types import SimpleNamespace

from diversion.simulate.truth import Story, recovery


def story(name: str, label: str, *hops: str) -> Story:
    return Story(name, label, "", (), tuple(frozenset(hop.split()) for hop in hops))


STORIES = [
    story("P01", "planted", "A", "B"),
    story("D01", "decoy", "C", "D"),
    story("L01", "lawful", "E F"),
    story("L02", "lawful", "G"),
    story("X01", "something else", "E"),
]
FOUND = [
    SimpleNamespace(shipments=hops) for hops in ([["Z"], ["F"]], [["A"], ["B"]], [["C"], ["D"]], [["C"]])
]


def test_lawful_sales_are_neither_planted_nor_decoys() -> None:
    first, all_ = recovery(FOUND, STORIES, (1, 4))  # type: ignore[arg-type]
    assert (first.planted, first.decoys, first.lawful) == ((), (), ("L01",))
    assert (all_.planted, all_.decoys, all_.lawful) == (("P01",), ("D01",), ("L01",))
    assert (all_.planted_of, all_.decoys_of, all_.lawful_of) == (1, 1, 2)


def test_the_last_hop_alone_does_not_tell_a_story_of_two() -> None:
    (told,) = recovery(FOUND[3:], STORIES, (1,))  # type: ignore[arg-type]
    assert told.decoys == ()
