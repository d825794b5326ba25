from __future__ import annotations

from random import Random
from typing import Any

import pytest

from training.pages.bench import Issue
from training.pages.writing.content import Source
from training.pages.writing.house import Press, random_house

PARAGRAPHS = (
    "昨天上午，城北新桥正式通车。新桥全长一千二百米，双向六车道，两侧设有人行道和绿化带，市民往来两岸只需五分钟。",
    "“以前过河要绕行半个小时。”家住北岸的陈师傅说，“现在孩子上学方便多了。”",
    "据了解，该桥2019年动工，总投资3.6亿元，是全市重点工程之一。下一步，交通部门将继续完善周边路网。",
)


@pytest.fixture
def press() -> Press:
    rng = Random("press")
    return Press(random_house(rng, "test"), rng)


def source(number: int) -> Source:
    """An article of our own; numbers make its headline and text its own."""
    flow = tuple(("para", f"{text}（{number}号记录）") for text in PARAGRAPHS for _ in range(2))
    return Source(f"own/a{number}", "own", f"第{number}座新桥建成通车 两岸居民出行更便捷", "", "", flow, (), ())


@pytest.fixture
def issue() -> Issue:
    """A small annotated page: a headline, a byline, two paragraphs, a caption with its credit, and furniture."""
    rows: list[tuple[str, dict[str, Any]]] = [
        ("新桥通车", {"article": "a01", "role": "headline"}),
        ("本报记者 林晓 通讯员 周舟", {"article": "a01", "role": "byline"}),
        ("昨天上午，城北新桥正式通车。新桥全长", {"article": "a01", "role": "body", "para": 0, "para_start": True}),
        ("1200米，双向六车道，市民往来两岸只需", {"article": "a01", "role": "body", "para": 0}),
        ("五分钟。", {"article": "a01", "role": "body", "para": 0}),
        ("", {}),
        ("下一步，交通部门将继续完善周边路网。", {"article": "a01", "role": "body", "para": 1, "para_start": True}),
        ("新桥一角。 林晓 摄", {"article": "a01", "role": "caption", "also": [["a01", "credit", 3]]}),
        ("今日天气：晴", {"article": "furniture", "role": "weather", "kind": "weather"}),
    ]
    records = [{"line": n, **record} for n, (text, record) in enumerate(rows, 1) if text]
    lines: dict[str, list[list[int]]] = {}
    for record in records:
        if record["article"] == "a01":
            lines.setdefault(record["role"], []).append([1, record["line"]])
    empty = {"kicker": "", "deck": "", "label": "", "subheads": [], "flow": [], "continues": []}
    article = {
        **empty,
        "id": "a01",
        "kind": "story",
        "pages": [1],
        "headline": "新桥通车",
        "bylines": [{"name": "林晓", "role": "记者"}, {"name": "周舟", "role": "通讯员"}],
        "byline_form": "plain",
        "paragraphs": [
            "昨天上午，城北新桥正式通车。新桥全长1200米，双向六车道，市民往来两岸只需五分钟。",
            "下一步，交通部门将继续完善周边路网。",
        ],
        "captions": ["新桥一角。"],
        "lines": lines,
        "reading_order": lines["body"],
    }
    truth = {"issue": "own", "pages": {"1": records}, "articles": [article]}
    return Issue("own", {1: "\n".join(text for text, _ in rows)}, truth, {"issue": "own"})
