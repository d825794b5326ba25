"""Keep what a release writes and promises: `python -m tests.unit.schemas.release`, or `make golden`.

It writes `golden/RELEASE.jsonl`: the examples of the contract, and the messages that the processors make of the sample
and of its withdrawal. It writes `released/RELEASE`: the schema of each topic. Tests decode these messages and compare
these schemas with every later release. So run it for a release that is not out yet; afterwards its files never change.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from schemas.contracts.generate import RELEASE, TOPICS, rendered
from schemas.contracts.valid import EXAMPLES
from tests.in_memory import Processors

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
RELEASED = HERE / "released"
SAMPLE = HERE.parents[2] / "seeds" / "sample" / "page-01.txt"
ISSUE = {"paper": "渔港日报", "date": "2023-08-15"}


def messages() -> Iterator[tuple[str, bytes]]:
    """Yield a topic and a value for each example, and for each message that the processors make."""
    for topic in sorted(EXAMPLES):
        for one in EXAMPLES[topic]:
            yield topic, one.encode()
    with pytest.MonkeyPatch.context() as patch:
        processors = Processors(patch)
        key = "/".join(ISSUE.values()).encode()
        page = {"page": 1, "text": SAMPLE.read_text("utf-8")}
        for each in ({"revision": 1, "pages": [page]}, {"revision": 2, "withdrawn": True}):
            processors.publish([json.dumps(ISSUE | each).encode()], key)
        for topic in sorted(processors.topics):
            for record in processors.topics[topic]:
                assert record.value is not None
                yield topic, record.value


def main() -> None:
    """Write the files of the present release."""
    lines = [json.dumps({"topic": t, "value": json.loads(v)}, ensure_ascii=False) + "\n" for t, v in messages()]
    (GOLDEN / f"{RELEASE}.jsonl").write_text("".join(lines), "utf-8")
    folder = RELEASED / RELEASE
    folder.mkdir(exist_ok=True)
    for topic in TOPICS:
        (folder / f"{topic}.schema.json").write_text(rendered(topic), "utf-8")
    (folder / "accepted.txt").touch()
    sys.stdout.write(f"{len(lines)} messages and {len(TOPICS)} schemas of {RELEASE}\n")


if __name__ == "__main__":
    main()
