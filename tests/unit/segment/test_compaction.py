"""The topics `issues` and `articles` are compacted: a stage that stopped for long may miss what was replaced."""

from __future__ import annotations

import json
from itertools import chain, combinations
from typing import Any

import pytest

from schemas.issue import Issue, Page, version_of
from services.runtime.elasticsearch.state_batch import Slot, StateBatch
from services.runtime.messages.records import Record
from services.segment.app import segment

ISSUE = "渔港日报/2023-08-15"

STORIES = {
    "渔港": "渔港三百艘渔船今晨开渔\n本报讯 今晨六时，三百零五艘渔船依次驶出渔港，为期三个半月的休渔期结束。\n",
    "大桥": "跨海大桥全线合龙\n本报讯 跨海大桥的最后一段钢箱梁昨日吊装到位，大桥全线合龙，明年春天通车。\n",
    "学校": "全县七所新小学昨日开学\n本报讯 全县新建的七所小学昨日同时开学，四千多名孩子走进了新教室。\n",
}

HISTORY = (
    {1: "渔港", 2: "大桥"},
    {1: "渔港", 2: "大桥", 3: "学校"},
    {1: "渔港", 3: "学校"},
    {},
    {2: "大桥"},
    {1: "渔港", 2: "大桥"},
)
"""The pages of an issue at each version: stories come, go, and come back; once the whole issue is withdrawn."""


def version(number: int) -> Issue:
    pages = tuple(Page(page=page, revision=number, text=STORIES[name]) for page, name in HISTORY[number].items())
    fields: dict[str, Any] = {"issue_id": ISSUE, "paper": "渔港日报", "date": "2023-08-15", "pages": pages}
    made = {"revision": number, "version": version_of(number, 0), **fields}
    return Issue.model_validate(made, strict=False)


def record_of(number: int) -> Record:
    return Record("issues", 0, number, 1_000 + number, ISSUE.encode(), b"")


def compacted(numbers: tuple[int, ...]) -> dict[bytes, dict[str, Any]]:
    """Return what compaction leaves on `articles` when segment met these versions: the last value of each key."""
    kept: dict[bytes, dict[str, Any]] = {}
    states = StateBatch({ISSUE: Slot(None, None, "", None)})
    for number in numbers:
        states.slots[ISSUE].seen = False
        for emission in segment(record_of(number), version(number), states, "articles"):
            assert emission.key is not None, "a record without a key is refused on a compacted topic"
            assert emission.value is not None, "a value of nothing is a tombstone: the key would go"
            kept[emission.key] = json.loads(emission.value)
    return kept


def contents(kept: dict[bytes, dict[str, Any]]) -> dict[bytes, dict[str, Any]]:
    """Return the articles and the record without what says at which version each came."""
    about = {"revision", "version", "difference", "contents"}
    return {
        key: {name: each for name, each in value.items() if name not in about}
        for key, value in kept.items()
        if value["type"] != "withdrawal"
    }


LAST = len(HISTORY) - 1
MET = list(chain.from_iterable(combinations(range(LAST), count) for count in range(LAST)))


@pytest.mark.parametrize("met", MET, ids=str)
def test_whatever_versions_were_compacted_away_the_same_articles_stand_and_the_others_are_withdrawn(
    met: tuple[int, ...],
) -> None:
    everything = compacted(tuple(range(len(HISTORY))))
    some = compacted((*met, LAST))
    assert contents(some) == contents(everything)
    assert some.keys() <= everything.keys()
    record = some[ISSUE.encode()]
    assert record["version"] == version_of(LAST, 0)
    standing = {value["article_id"]: value["version"] for value in some.values() if value["type"] == "article"}
    assert {one["article_id"]: one["version"] for one in record["contents"]} == standing
