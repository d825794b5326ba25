"""What an installation holds, or must hold, in a form that can be compared."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from services.search import fields

if TYPE_CHECKING:
    from collections.abc import Mapping

Line = tuple[int, int]
"""A page, and a line of the page's text, counted from 1."""

Refusal = tuple[str, str, bytes | None, str]
"""The stage, topic, key and digest of the value of a message in quarantine."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A document as it is now: its versions, whether it is withdrawn, and the digest of its other content."""

    revision: int
    version: int
    withdrawn: bool
    digest: str


@dataclass(slots=True)
class Holdings:
    """What an installation holds, or must hold.

    Attributes:
        documents: documents by index kind and id, including withdrawn documents.
        visible: ids of the articles that a search finds.
        lines: for each issue, every line that is not blank, with how often it is claimed.
        issues: how often each issue was written to the topic of issues at each version; `segmented` is the same for
            the topic of articles.
        tagged: how often each key was written to the topic of tagged articles at each version. An article is written
            where it changed, and once more wherever its issue comes again as it was.
        passing: the part of `tagged` that editors' corrections caused, and `passing_from`: issue -> the first version
            that they caused. A correction that is handled again after a crash gives the issue in its state at that
            time (docs/decisions/0009). All versions from that on except the last may be skipped; what they changed
            then comes with a later version. Each message of the issue may be repeated.
        last: the version of the last record of each key on that topic, which compaction keeps.
        quarantined: messages in quarantine; each place of origin counts once.
        origins: stage, topic, partition and offset of each message in quarantine; only for findings.
        repeats: how many more messages are in quarantine because they were handled again.
        loose: issues whose versions before the last version may differ.
        chosen: (article id, headline or kind) -> what an editor chose and what holds.
        titles: (article id, headline or kind) -> what the article has; only for findings.
        disordered: what is wrong with the order of a key's records; only for findings.
        wandering: what is wrong with ids; only for findings.
        misnamed: issues whose record names other articles or versions than there are; only for findings.
        unsearchable: articles that a search for their own words does not find; only for findings.
        unkept: versions on the topic that the history lacks; only for findings.
        rebuilt: documents that a rebuild of the index changed; only for findings.
    """

    documents: dict[tuple[str, str], Standing] = field(default_factory=dict)
    visible: set[str] = field(default_factory=set)
    lines: dict[str, Counter[Line]] = field(default_factory=dict)
    tagged: Counter[tuple[str, int]] = field(default_factory=Counter)
    passing: set[tuple[str, int]] = field(default_factory=set)
    passing_from: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    quarantined: Counter[Refusal] = field(default_factory=Counter)
    repeats: int = 0
    origins: set[tuple[str, str, int, int]] = field(default_factory=set)
    issues: Counter[tuple[str, int]] = field(default_factory=Counter)
    segmented: Counter[tuple[str, int]] = field(default_factory=Counter)
    loose: frozenset[str] = frozenset()
    chosen: dict[tuple[str, str], str] = field(default_factory=dict)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    disordered: list[str] = field(default_factory=list)
    wandering: list[str] = field(default_factory=list)
    misnamed: list[str] = field(default_factory=list)
    unsearchable: list[str] = field(default_factory=list)
    unkept: list[str] = field(default_factory=list)
    rebuilt: list[str] = field(default_factory=list)

    def is_loose(self, key: str, version: int) -> bool:
        """Tell whether a version of a key may be missing, or may be present more often than it was caused."""
        return version >= self.passing_from.get(issue_of(key), version + 1) or self.is_unordered(key)

    def is_unordered(self, key: str) -> bool:
        """Tell whether the versions of a key before the last may differ."""
        return issue_of(key) in self.loose

    def is_corrected(self, key: str) -> bool:
        """Tell whether an editor corrected the issue of a key."""
        return issue_of(key) in self.passing_from or self.is_unordered(key)


def issue_of(key: str) -> str:
    """Return the issue of a record's key: an article's id, or an issue's."""
    return "/".join(key.split("/")[:2])


def put(holdings: Holdings, kind: str, name: str, source: Mapping[str, Any]) -> None:
    """Record a document without its search fields, which follow from its other fields, and without its versions.

    Its taxonomy's version is left out, too: an article whose tags are the same under another taxonomy keeps it.
    """
    left_out = {fields.SEARCH, fields.ARTICLE, "revision", "version", "contents", "taxonomy_version"}
    kept = {name: value for name, value in source.items() if name not in left_out}
    kept |= {name: value for name, value in source.get(fields.ARTICLE, {}).items() if name not in left_out}
    holdings.documents[kind, name] = Standing(
        revision=source["revision"],
        version=source["version"],
        withdrawn=source.get(fields.WITHDRAWN, False),
        digest=digest(json.dumps(kept, sort_keys=True, ensure_ascii=False).encode()),
    )


def digest(value: bytes | None) -> str:
    """Return a short digest of bytes; for None, return the word none."""
    return "none" if value is None else hashlib.blake2b(value, digest_size=12).hexdigest()
