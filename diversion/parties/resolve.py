"""Who is who: which records name the same party.

Nothing is merged: `Directory.canonical` is only a reading of the records, and another reading may replace
it. Certain joins are those of people's decisions, ids, identifiers, equal keys of names, and of names that
an address or a date bears out; look-alikes are candidates.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from diversion.parties import identifiers, lookalikes, namesakes, readings
from diversion.parties.clusters import REJECTION, Apart, Index, join
from diversion.parties.decisions import CONFIRMED, REJECTED, Decision, Pair
from diversion.parties.records import evidence
from diversion.policy.policy import Policy

MENTION = r"^P-[0-9a-f]{16}$"
SAME_COLUMNS = ["party", "other", "score", "why"]
REFUSED = 0.9
"""The most that a link counts which would bring together what must stay apart."""


@dataclass(frozen=True)
class Directory:
    """Resolved parties.

    `canonical` maps every Party id to the id of the party it is read as (itself, where it stands alone).
    `parties` has one row a resolved party, indexed by that id: name, country, kind, incorporated_on
    (date or None), identifier, stated. `same` (party, other, score, why) tells why records were joined
    (score ≥ the policy's `same_party`) or may be the same. `names` (party, name, name_key) holds every
    name under which a resolved party is recorded.
    """

    canonical: pd.Series
    parties: pd.DataFrame
    same: pd.DataFrame
    names: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["party", "name", "name_key"]))

    @cached_property
    def possibly_same(self) -> pd.DataFrame:
        """Any two resolved parties that may yet be one, once: party, other (ids in order), score, why.

        The score and reason are those of the likeliest of their records.
        """
        one, two = (self.same[end].map(self.canonical).to_numpy(dtype=object) for end in ("party", "other"))
        open_ = self.same.assign(party=one, other=two)[one != two]
        return _ordered(open_)


def resolve(
    parties: pa.Table,
    policy: Policy,
    places: pd.DataFrame | None = None,
    decisions: Mapping[Pair, Decision] | None = None,
    *,
    thorough: bool = False,
) -> Directory:
    """Read the Party table as a directory of parties.

    Joined are, from the surest down: pairs that a person confirmed; a mention whose name is the id of a
    party; equal identifiers that pass their check digits; a mention and the one party of the same name key,
    in the same country or where no country speaks against it. Two ids that the input gave are two parties
    until an identifier, or address or date beside an equal name, says otherwise: they become candidates.

    Never joined, not by way of a third record either: pairs that a person rejected, and records to which one
    register gave different numbers. A joined party is known by a stated record before a mention, then by the
    smallest id. `places` (party, text) says where each record is. The order of records does not matter.
    Linear but for sorting. Candidates that look alike are sought among at most `fuzzy_parties` records, and
    where `thorough` among any number; of more, only records of one name are judged. What is joined does not
    depend on it.
    """
    frame = _frame(parties)
    numbers = identifiers.known(frame)
    told = _decided(frame, decisions or {})
    apart = Apart(identifiers.telling(numbers), told[1])
    sure, weak = identifiers.links(numbers, int(policy.thresholds["group_cap"]))
    links = [told[0], namesakes.by_id(frame), sure.assign(decided=False)]
    by_name, doubtful = namesakes.by_name(frame, join(len(frame), _every(links), apart)[0])
    links.append(_unopposed(by_name, apart))
    doubtful = pd.concat([doubtful, weak.assign(decided=False)])
    case = lookalikes.Compared.of(frame, evidence(frame, places, numbers), policy)
    label = join(len(frame), _every(links), apart)[0]
    links.append(_unopposed(lookalikes.certain_among(case, label), apart))
    label = join(len(frame), _every(links), apart)[0]
    sought = thorough or len(frame) <= int(policy.thresholds["fuzzy_parties"])
    alike = lookalikes.among(case, label, None if sought else doubtful)
    return _directory(frame, links, _judged_once(alike, doubtful), apart)


def _judged_once(alike: pd.DataFrame, doubtful: pd.DataFrame) -> pd.DataFrame:
    """All candidates; where the pair model judged a pair, that is its score.

    It judges all pairs of a name but those of very common ones, which say nothing in two countries.
    """
    low = np.minimum(doubtful["left"], doubtful["right"])
    high = np.maximum(doubtful["left"], doubtful["right"])
    judged = pd.MultiIndex.from_frame(alike[["left", "right"]])
    fresh = ~pd.MultiIndex.from_arrays([low, high]).isin(judged)
    fresh &= (doubtful["score"] > namesakes.ELSEWHERE).to_numpy(bool)
    return pd.concat([alike[alike["score"] >= lookalikes.DOUBTFUL], doubtful[fresh]])


def _directory(
    frame: pd.DataFrame, links: list[pd.DataFrame], doubtful: pd.DataFrame, apart: Apart
) -> Directory:
    """The records joined as the links say, as far as nothing keeps them apart."""
    label, refused = join(len(frame), _every(links), apart)
    doubtful = _unopposed(doubtful, apart.among(label), label)
    canonical = readings.representatives(frame, label)
    return Directory(
        canonical=pd.Series(canonical, index=pd.Index(frame["id"], dtype=object), dtype=object),
        parties=readings.parties(frame, canonical),
        same=_same(frame, label, _every(links), pd.concat([_refused(refused), doubtful])),
        names=readings.names(frame, canonical),
    )


def _frame(parties: pa.Table) -> pd.DataFrame:
    wanted = ["id", "name", "name_key", "country", "kind", "incorporated_on", "identifier", "stated"]
    wanted += ["born", "aliases", "contacts"]
    frame: pd.DataFrame = parties.select(wanted).to_pandas(date_as_object=True).astype({"id": object})
    for column in ("name", "name_key", "country", "kind", "identifier", "born", "aliases", "contacts"):
        values = frame[column].astype(object)
        frame[column] = values.where(values.notna(), None)
    frame["name_key"] = frame["name_key"].fillna("")
    frame = frame.sort_values("id", ignore_index=True)
    frame["own"] = ~frame["id"].str.match(MENTION).astype(bool)
    return frame


def _decided(
    frame: pd.DataFrame, decisions: Mapping[Pair, Decision]
) -> tuple[pd.DataFrame, frozenset[tuple[int, int]]]:
    """Links that people confirmed, and pairs of rows that they rejected."""
    place = {party: row for row, party in enumerate(frame["id"])} if decisions else {}
    here = [d for _, d in sorted(decisions.items()) if d.party in place and d.other in place]
    confirmed = [d for d in here if d.verdict == CONFIRMED]
    made = namesakes.links(
        [place[d.party] for d in confirmed], [place[d.other] for d in confirmed], "", 1.0
    ).assign(why=[f"confirmed by {d.by} on {d.day}: {d.reason}" for d in confirmed], decided=True)
    rejected = frozenset((place[d.party], place[d.other]) for d in here if d.verdict == REJECTED)
    return made, rejected


def _every(links: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(links, ignore_index=True)


def _unopposed(links: pd.DataFrame, apart: Apart, label: Index | None = None) -> pd.DataFrame:
    """The links without those between records, or the parties of `label`, that are told apart.

    A register or a person tells apart; an equal name is no news there.
    """
    left, right = (links[end].reset_index(drop=True) for end in ("left", "right"))
    if label is not None:
        left, right = left.map(pd.Series(label)), right.map(pd.Series(label))
    against = identifiers.conflicts(apart.numbers, left, right).notna() | apart.parts(left, right)
    return links[~against.to_numpy(bool)]


def _refused(refused: pd.DataFrame) -> pd.DataFrame:
    """Links that were not followed, as candidates that say why; what a person rejected is none."""
    refused = refused[refused["against"] != REJECTION]
    why = refused["why"].astype(object) + "; kept apart: " + refused["against"].astype(object)
    return refused.assign(why=why, score=refused["score"].clip(upper=REFUSED))


def _same(frame: pd.DataFrame, label: Index, links: pd.DataFrame, doubtful: pd.DataFrame) -> pd.DataFrame:
    """Why records were joined, and what may yet be the same."""
    ids = frame["id"].to_numpy(dtype=object)
    joined = label[links["left"].to_numpy(np.int64)] == label[links["right"].to_numpy(np.int64)]
    every = pd.concat([links[joined], doubtful], ignore_index=True)
    left, right = every["left"].to_numpy(np.int64), every["right"].to_numpy(np.int64)
    made = every[["score", "why"]].assign(party=ids[left], other=ids[right])
    keep = (label[left] != label[right]) | (np.arange(len(every)) < joined.sum())
    return _ordered(made[keep])


def _ordered(same: pd.DataFrame) -> pd.DataFrame:
    low, high = np.minimum(same["party"], same["other"]), np.maximum(same["party"], same["other"])
    made = same.assign(party=low, other=high).sort_values(
        ["party", "other", "score", "why"], ascending=[True, True, False, True]
    )
    return made.drop_duplicates(["party", "other"])[SAME_COLUMNS].reset_index(drop=True)
