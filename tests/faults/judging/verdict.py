"""What is lost, doubled or stale: compare what an installation holds with what it must hold.

- **Lost**: a missing document (an article, the tombstone of a withdrawn article, an issue's record); an article that a
  search does not find, or does not find by its own words; a version that the history lacks; a line of a page that no
  document claims; a version of an issue or article that never reached a topic, or reached it fewer times than it was
  caused (of the versions that editors' corrections caused, only the last version counts).
- **Doubled**: a document that must not exist (for example the same article under a second id); a line of a page that
  more than one document claims; an article that got another id although its text is unchanged.
- **Stale**: a document with the wrong revision, version or content, or that is wrongly withdrawn or wrongly not
  withdrawn; an article that a search finds although it is withdrawn; an editor's choice that does not hold; a key whose
  last record on the compacted topic is not its newest version; a document that a rebuild of the index changes when all
  work is done.
- **Quarantine**: each message that cannot be processed must be in quarantine, and no other message.
- **Disordered**: a key with records in two partitions of a topic, or an older version after a newer version.
- **Repeated**: records that are on a topic or in quarantine more often than they were caused.
- **Unseen**: what `/ready`, a metric or `status` should have shown and did not.

If Kafka forgot what a group had committed, repeated and disordered records are reported but allowed. So are versions
that were **skipped** because a later version had replaced them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.faults.judging.holdings import issue_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.faults.judging.holdings import Holdings, Line, Refusal

    Versions = Counter[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The problems, each as a line of text; all must be empty, and the numbers too if Kafka forgot nothing."""

    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    not_quarantined: tuple[str, ...] = ()
    wrongly_quarantined: tuple[str, ...] = ()
    disordered: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    skipped: int = 0
    repeated: int = 0
    forgotten: bool = False

    @property
    def holds(self) -> bool:
        """Whether the installation holds exactly what was published."""
        return not self.words()

    def words(self) -> list[str]:
        """Return everything that is wrong."""
        groups = {
            "lost": self.lost,
            "doubled": self.doubled,
            "stale": self.stale,
            "not in quarantine": self.not_quarantined,
            "wrongly in quarantine": self.wrongly_quarantined,
            "disordered": () if self.forgotten else self.disordered,
            "unseen": self.unseen,
        }
        words = [f"{name}: {each}" for name, group in groups.items() for each in group]
        if self.repeated and not self.forgotten:
            words.append(f"repeated: {self.repeated} records")
        return words


def judge(must: Holdings, does: Holdings, *, forgotten: bool = False, unseen: Iterable[str] = ()) -> Verdict:
    """Return the verdict on an installation that holds `does` and must hold `must`.

    Args:
        must: the result of `expectation`.
        does: the result of `findings`.
        forgotten: whether Kafka forgot what a group had committed.
        unseen: what should have been reported while things were broken, and was not.
    """
    absent = [
        (topic, key, version)
        for topic, wanted, came in _topics(must, does)
        for key, version in wanted
        if not came[key, version]
    ]
    instead = {topic: _versions(came) for topic, _, came in _topics(must, does)}
    needed = [
        (topic, key, version)
        for topic, key, version in absent
        if must.last[key] == version
        and not any(
            _may_stand(must, key, version, other, forgotten=forgotten) or _changed_back(must, does, key, other)
            for other in instead[topic].get(key, ())
        )
    ]
    superseded = [each for each in absent if must.last[each[1]] != each[2] and not must.is_loose(*each[1:])]
    fewer = [
        (topic, key, version)
        for topic, wanted, came in _topics(must, does)
        for (key, version), times in wanted.items()
        if 0 < came[key, version] < times and not must.is_loose(key, version)
    ]
    none: Counter[Line] = Counter()
    every = {**must.lines, **does.lines}
    lines = [(issue, must.lines.get(issue, none), does.lines.get(issue, none)) for issue in every]
    return Verdict(
        lost=(
            *(f"{kind} {name}" for kind, name in must.documents if (kind, name) not in does.documents),
            *(f"not found by a search: {name}" for name in sorted(must.visible - does.visible)),
            *(f"not found by a search: {each}" for each in does.unsearchable),
            *(f"not in the history: {each}" for each in does.unkept),
            *(each for issue, wanted, claimed in lines for each in _unclaimed(issue, wanted, claimed)),
            *(
                f"not on the topic of {topic}: {key} at {version}"
                for topic, key, version in needed + ([] if forgotten else superseded)
            ),
            *(
                f"not often enough on the topic of {topic}: {key} at {version}"
                for topic, key, version in ([] if forgotten else fewer)
            ),
        ),
        doubled=(
            *(f"{kind} {name}" for kind, name in does.documents if (kind, name) not in must.documents),
            *(each for issue, wanted, claimed in lines for each in _claimed_twice(issue, wanted, claimed)),
            *does.wandering,
        ),
        stale=(
            *(
                f"{kind} {name}: is {does.documents[kind, name]}, must be {standing}"
                for (kind, name), standing in must.documents.items()
                if (kind, name) in does.documents and not _agree(must, does, (kind, name), forgotten=forgotten)
            ),
            *(f"found by a search: {name}" for name in sorted(does.visible - must.visible)),
            *does.rebuilt,
            *does.misnamed,
            *(
                f"{what} of {article_id}: is {does.titles[article_id, what]!r}, an editor chose {value!r}"
                for (article_id, what), value in must.chosen.items()
                if does.titles.get((article_id, what), value) != value
            ),
            *(
                f"last on the topic: {key} at {does.last[key]}, must be {version}"
                for key, version in must.last.items()
                if key in does.last and not _is_last(must, does, key, version, forgotten=forgotten)
            ),
        ),
        not_quarantined=_excess(must.quarantined, does.quarantined),
        wrongly_quarantined=_excess(does.quarantined, must.quarantined),
        disordered=tuple(does.disordered),
        unseen=tuple(unseen),
        skipped=len(superseded) if forgotten else 0,
        repeated=does.repeats
        + sum(
            times
            for _, wanted, came in _topics(must, does)
            for (key, version), times in (came - wanted).items()
            if not must.is_corrected(key)
        ),
        forgotten=forgotten,
    )


def _versions(came: Versions) -> dict[str, list[int]]:
    """Return key -> the versions in which it came."""
    found: dict[str, list[int]] = {}
    for key, version in came:
        found.setdefault(key, []).append(version)
    return found


def _may_stand(must: Holdings, key: str, version: int, other: int, *, forgotten: bool) -> bool:
    """Tell whether an article may be there in another version than the one at which the model says it changed last.

    The content is compared by itself. An issue's record always has the issue's newest version.
    """
    if version == other:
        return True
    if key == issue_of(key):
        return False
    if forgotten or must.is_unordered(key):
        return True
    return must.is_loose(key, other) and other > version


def _changed_back(must: Holdings, does: Holdings, key: str, other: int) -> bool:
    """Tell whether an article rightly stands in an older version, with the content that it must have.

    All versions that corrections caused may be skipped. What a correction changed, and another changed back, is then
    never sent.
    """
    shown, standing = does.documents.get(("articles", key)), must.documents.get(("articles", key))
    if shown is None or standing is None or shown.version != other or shown.digest != standing.digest:
        return False
    return all(must.is_loose(key, later) for name, later in must.tagged if name == key and later > other)


def _agree(must: Holdings, does: Holdings, place: tuple[str, str], *, forgotten: bool) -> bool:
    (kind, name), standing, there = place, must.documents[place], does.documents[place]
    if kind != "articles" or not (
        _may_stand(must, name, standing.version, there.version, forgotten=forgotten)
        or _changed_back(must, does, name, there.version)
    ):
        return standing == there
    if standing.version == there.version:
        return standing == there
    return (standing.withdrawn, standing.digest) == (there.withdrawn, there.digest)


def _is_last(must: Holdings, does: Holdings, key: str, version: int, *, forgotten: bool) -> bool:
    """Tell whether the last record of a key on the compacted topic is its newest, which the index shows."""
    last, shown = does.last[key], does.documents.get(("articles", key))
    if last == version:
        return True
    if shown is None or shown.version != last:
        return False
    return _may_stand(must, key, version, last, forgotten=forgotten) or _changed_back(must, does, key, last)


def _topics(must: Holdings, does: Holdings) -> tuple[tuple[str, Versions, Versions], ...]:
    """Return each topic's name, and how often each key and version must be on it and actually is."""
    return (
        ("issues", must.issues, does.issues),
        ("articles", must.tagged, does.segmented),
        ("tagged articles", must.tagged, does.tagged),
    )


def _unclaimed(issue: str, wanted: Counter[Line], claimed: Counter[Line]) -> list[str]:
    return [f"{issue} page {page} line {line}" for page, line in wanted if (page, line) not in claimed]


def _claimed_twice(issue: str, wanted: Counter[Line], claimed: Counter[Line]) -> list[str]:
    return [
        f"{issue} page {page} line {line}: claimed {times} times"
        for (page, line), times in claimed.items()
        if times > 1 or (page, line) not in wanted
    ]


def _excess(one: Counter[Refusal], other: Counter[Refusal]) -> tuple[str, ...]:
    return tuple(
        f"{stage} from {topic}, key {key!r}, value {digest} ({times} too many)"
        for (stage, topic, key, digest), times in (one - other).items()
    )
