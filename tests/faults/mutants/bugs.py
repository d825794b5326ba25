"""The bugs that are planted: each is a piece of the product's source and its replacement.

The harness looks for a piece in all of the product, where it must occur once, so that code may move from file to file.
If the source was changed, the bug cannot be planted, which is an error: write the piece as it reads now.
"""

from __future__ import annotations

from dataclasses import dataclass

Edits = tuple[tuple[str, str], ...]
"""Pieces of source, each with its replacement."""


@dataclass(frozen=True, slots=True)
class Bug:
    """A bug.

    Attributes:
        name: a word for the command line.
        what: what goes wrong, in a few words.
        found: the piece of source.
        instead: its replacement.
        others: other forms of the same bug, for other forms of the source: all pieces of a form must be present.
    """

    name: str
    what: str
    found: str
    instead: str
    others: tuple[Edits, ...] = ()

    @property
    def forms(self) -> tuple[Edits, ...]:
        """Every form of the bug; exactly one form can be planted."""
        return (((self.found, self.instead),), *self.others)


BUGS: tuple[Bug, ...] = (
    Bug(
        "offsets",
        "offsets are committed before the transaction",
        "await self._producer.send_offsets_to_transaction(offsets, self._group)",
        "await self._consumer.commit(offsets)",
        others=(
            (
                (
                    "await self._producer.send_offsets_as(self._membership.member, offsets, self._group)",
                    "await self._membership.commit(offsets)",
                ),
            ),
        ),
    ),
    Bug(
        "fencing",
        "a transaction that another worker left open is not ended",
        'if mark != own and mark.startswith(f"{group}-")}',
        'if mark != own and mark.startswith(f"{group}--")}',
        others=(
            (
                (
                    'if each.metadata != own and each.metadata.startswith(f"{group}-")\n',
                    'if each.metadata != own and each.metadata.startswith(f"{group}--")\n',
                ),
                ("parts, stable=True)).items()}", "parts, stable=False)).items()}"),
            ),
        ),
    ),
    Bug(
        "membership",
        "a worker does not ask whether its partitions are still its own",
        "            await self._still_ours(taken)\n",
        "            await asyncio.sleep(0)\n",
        others=(
            (
                (
                    "await self._membership.commit(firsts, mark=self._id)",
                    "await asyncio.sleep(0)",
                ),
                (
                    "            generation=member.generation,\n            member_id=member.member_id,\n",
                    '            generation=-1,\n            member_id="",\n',
                ),
                ("parts, stable=True)).items()}", "parts, stable=False)).items()}"),
            ),
        ),
    ),
    Bug(
        "uncommitted",
        "a stage reads what was never committed",
        """            isolation_level="read_committed",
            auto_offset_reset=""",
        """            isolation_level="read_uncommitted",
            auto_offset_reset=""",
        others=(
            (
                (
                    """        isolation_level="read_committed",
        # Each takeover""",
                    """        isolation_level="read_uncommitted",
        # Each takeover""",
                ),
            ),
        ),
    ),
    Bug(
        "partition",
        "a message goes to the partition of its value, not of its key",
        "partition_of(emission.key, counts[topic])",
        "partition_of(emission.value, counts[topic])",
    ),
    Bug(
        "item",
        "an item that Elasticsearch refuses for now counts as written",
        '        return "again", ""\n',
        '        return "done", ""\n',
        others=(
            (
                (
                    '        return Outcome("again", reason)\n',
                    "        return DONE\n",
                ),
            ),
        ),
    ),
    Bug(
        "state-late",
        "state is written after the messages went out",
        "    async def write(self, batch: StateBatch) -> None:\n",
        """    async def write(self, batch: StateBatch) -> None:
        loop = __import__("asyncio").get_running_loop()
        loop.call_later(0.1, lambda: loop.create_task(self._write(batch)))

    async def _write(self, batch: StateBatch) -> None:
""",
        others=(
            (
                (
                    "    async def write(self, batch: StateBatch) -> dict[str, str]:\n",
                    """    async def write(self, batch: StateBatch) -> dict[str, str]:
        loop = __import__("asyncio").get_running_loop()
        loop.call_later(0.1, lambda: loop.create_task(self._write(batch)))
        return {}

    async def _write(self, batch: StateBatch) -> dict[str, str]:
""",
                ),
            ),
        ),
    ),
    Bug(
        "replay",
        "a batch that comes again is put on top of its own state",
        "            if slot.first != record.place:\n",
        "            if slot.first != record.place or slot.after is not None:\n",
    ),
    Bug(
        "swallowed",
        "a record that fails goes nowhere",
        "        self.batch.reject(self.record, error)\n",
        '        error.add_note("swallowed")\n',
    ),
    Bug(
        "bytes",
        "the quarantine keeps a message without its bytes",
        "return Emission(topic, record.key, record.value, headers, record.timestamp)",
        'return Emission(topic, record.key, b"", headers, record.timestamp)',
    ),
    Bug(
        "older",
        "the oldest revision of a page wins",
        "(known is not None and known.revision > page.revision)",
        "(known is not None and known.revision < page.revision)",
    ),
    Bug(
        "whole",
        "a whole issue leaves the older pages that it does not have",
        "        elif arrival.complete:\n            floor = max(floor, arrival.revision)\n",
        "        elif arrival.complete:\n            floor = max(floor, 0)\n",
    ),
    Bug(
        "withdrawal",
        "a withdrawal is ignored",
        "        if arrival.withdrawn:\n            floor = max(floor, arrival.revision + 1)\n",
        "        if arrival.withdrawn:\n            floor = max(floor, 0)\n",
    ),
    Bug(
        "correction",
        "the next revision forgets what editors corrected",
        "            pages={number: pages[number] for number in sorted(pages)},\n",
        """            pages=dict(sorted(pages.items())),
            corrections=() if newer else self.corrections,
""",
    ),
    Bug(
        "ids",
        "ids are given anew with each version",
        'known = from_state(state["articles"]) if state is not None else ()',
        "known = ()",
    ),
    Bug(
        "same-version",
        "a version that comes again gives nothing (gte for gt)",
        'if state is not None and state["version"] > issue.version:',
        'if state is not None and state["version"] >= issue.version:',
    ),
    Bug(
        "tombstone",
        "no tombstone is sent for what is gone",
        "    for article_id in corrected.withdrawn:\n",
        "    for article_id in corrected.withdrawn[:0]:\n",
    ),
    Bug(
        "unsent",
        "an article of which only the text changed is not sent",
        "        if before is not None and before.parts == parts:\n            if message",
        """        same = {part: each for part, each in parts.items() if part not in ("text", "lines", "confidence")}
        if before is not None and {part: before.parts.get(part) for part in same} == same:
            if message""",
    ),
    Bug(
        "resent",
        "what did not change is sent again with each version",
        "                return before, False\n",
        "                return Sent(message.version, message.revision, before.difference, parts), True\n",
    ),
    Bug(
        "hidden",
        "a tombstone is indexed as if it were an article",
        "message.article_id, fields.WITHDRAWN: True}",
        "message.article_id, fields.WITHDRAWN: False}",
    ),
    Bug(
        "dropped",
        "one article in 150 is dropped",
        "batch.emissions.append(tag(record, tagger, names.tagged, source))",
        "batch.emissions.extend("
        '[tag(record, tagger, names.tagged, source)][: __import__("zlib").crc32(record.value) % 150])',
    ),
    Bug(
        "tokens",
        "bylines are missing from what is searched",
        "        fields.BYLINE: [byline.name for byline in article.bylines],\n",
        "        fields.BYLINE: [],\n",
    ),
    Bug(
        "history",
        "a withdrawal is not kept in the history",
        "    if isinstance(message, IssueRecord):\n        return None\n    if not every",
        "    if isinstance(message, IssueRecord | Withdrawal):\n        return None\n    if not every",
    ),
    Bug(
        "ready",
        "/ready says yes, whatever hinders the worker",
        "            return False, why\n",
        "            return True, why\n",
    ),
    Bug(
        "metric",
        "a worker shows no lag",
        "lags[part.topic, part.partition] = max(0, end - done)",
        "lags[part.topic, part.partition] = max(0, done - end)",
    ),
    Bug(
        "status",
        "status counts a record too few in each partition",
        " begins[part])) for part, end in ends.items())",
        " begins[part]) - 1) for part, end in ends.items())",
    ),
)
