"""What is lost, doubled or stale: what an installation holds against what it must hold.

- **Lost**: a document that must be there and is not (an article, the tombstone of one withdrawn, an issue's record); an
  article that must be found by a search and is not; a line of a page that no document claims; a version of an article
  that never came to the topic of tagged articles (of those that editors' corrections led to, the last one).
- **Doubled**: a document that must not be there at all (the same article under a second id is one); a line of a page
  that more than one document claims.
- **Stale**: a document that stands at another revision, version or content than it must, or is withdrawn and must not
  be, or the other way round; an article that a search finds although it is withdrawn; a key whose last record on the
  compacted topic is not its newest version, so that a rebuilt index would be stale.
- **Quarantine**: each message that cannot be processed must be there, and no other.
- **Skipped** (told, not forbidden, where Kafka forgot what a group had committed): versions that never came to the
  topic of tagged articles since a later one had superseded them. Where Kafka forgot nothing, they count as lost.
- **Repeated** (told, not forbidden): records that stand on the topic of tagged articles or in quarantine more often
  than they were caused. Readers see the same version, or the same origin, again; the index holds it once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.faults.judging.expectation import Holdings, Line, Refusal


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was wrong, one line of words each; all but `skipped` and `repeated` must be empty."""

    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    not_quarantined: tuple[str, ...] = ()
    wrongly_quarantined: tuple[str, ...] = ()
    skipped: int = 0
    repeated: int = 0

    @property
    def holds(self) -> bool:
        """Whether the installation holds exactly what was published."""
        wrong = (self.lost, self.doubled, self.stale, self.not_quarantined, self.wrongly_quarantined)
        return not any(wrong)

    def words(self) -> list[str]:
        """Return all that is wrong."""
        groups = {
            "lost": self.lost,
            "doubled": self.doubled,
            "stale": self.stale,
            "not in quarantine": self.not_quarantined,
            "wrongly in quarantine": self.wrongly_quarantined,
        }
        return [f"{name}: {each}" for name, group in groups.items() for each in group]


def judge(must: Holdings, does: Holdings, *, forgotten: bool = False) -> Verdict:
    """Return the verdict on an installation that holds `does` and must hold `must`.

    Args:
        must: what `expectation` worked out.
        does: what `findings` saw.
        forgotten: whether Kafka forgot what a group had committed.
    """
    absent = [each for each in must.tagged if not does.tagged[each]]
    needed = [(key, version) for key, version in absent if must.last[key] == version]
    superseded = [each for each in absent if each not in needed and each not in must.passing]
    none: Counter[Line] = Counter()
    every = {**must.lines, **does.lines}
    lines = [(issue, must.lines.get(issue, none), does.lines.get(issue, none)) for issue in every]
    return Verdict(
        lost=(
            *(f"{kind} {name}" for kind, name in must.documents if (kind, name) not in does.documents),
            *(f"not found by a search: {name}" for name in sorted(must.visible - does.visible)),
            *(each for issue, wanted, claimed in lines for each in _unclaimed(issue, wanted, claimed)),
            *(f"not on the topic: {key} at {version}" for key, version in needed + ([] if forgotten else superseded)),
        ),
        doubled=(
            *(f"{kind} {name}" for kind, name in does.documents if (kind, name) not in must.documents),
            *(each for issue, wanted, claimed in lines for each in _claimed_twice(issue, wanted, claimed)),
        ),
        stale=(
            *(
                f"{kind} {name}: is {does.documents[kind, name]}, must be {standing}"
                for (kind, name), standing in must.documents.items()
                if (kind, name) in does.documents and does.documents[kind, name] != standing
            ),
            *(f"found by a search: {name}" for name in sorted(does.visible - must.visible)),
            *(
                f"last on the topic: {key} at {does.last[key]}, must be {version}"
                for key, version in must.last.items()
                if key in does.last and does.last[key] != version
            ),
        ),
        not_quarantined=_excess(must.quarantined, does.quarantined),
        wrongly_quarantined=_excess(does.quarantined, must.quarantined),
        skipped=len(superseded) if forgotten else 0,
        repeated=does.repeats
        + sum(times for each, times in (does.tagged - must.tagged).items() if each not in must.passing),
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
