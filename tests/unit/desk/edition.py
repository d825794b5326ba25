"""A small issue made by hand: its pages as an extractor would leave them, and its articles as the pipeline has them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal

from schemas.article import (
    Block,
    Byline,
    Caption,
    FurnitureSpan,
    IssueRecord,
    LineSpan,
    Quality,
    RoleSpan,
    Weather,
)
from schemas.correction import AppliedCorrection, HeadlineChange, KindChange, Split, TopicsChange
from schemas.issue import version_of
from schemas.tagged import Evidence, Figure, Name, Place, TaggedArticle, TextSpan, Topic
from services.topics.taxonomy.seed import seed_taxonomy

if TYPE_CHECKING:
    from schemas.correction import Change

State = Literal["applied", "superseded", "taken_back", "without_effect"]

DAY = dt.date(2023, 8, 4)
ISSUE = "示例日报/2023-08-04"
REVISION = 3
VERSION = version_of(REVISION, 0)
IDENTITY: dict[str, Any] = {
    "issue_id": ISSUE,
    "paper": "示例日报",
    "date": DAY,
    "revision": REVISION,
    "version": VERSION,
}
PAGE = """\
示例日报　第1版
本报讯　记者王小明报道，海关昨
日查验月饼三百箱。“手续很快！”
厂长说。

首批月饼出口
今日天气：大雨，24到29度"""
"""The headline after its body, a nameplate above, the forecast below."""


def span(first: int, last: int, page: int = 1) -> LineSpan:
    return LineSpan(page=page, first=first, last=last)


def article(**changes: Any) -> TaggedArticle:
    """Return the story about mooncakes: one paragraph over lines 2 to 4, its headline on line 6."""
    text = "本报讯　记者王小明报道，海关昨日查验月饼三百箱。“手续很快！”厂长说。"
    content: dict[str, Any] = {
        **IDENTITY,
        "article_id": f"{ISSUE}/00000000000a",
        "pages": (1,),
        "kind": "story",
        "headline": "首批月饼出口",
        "kicker": "中秋将近",
        "deck": "三百箱运往海外",
        "label": "经济",
        "bylines": (Byline(name="王小明", role="记者"),),
        "source": "本报讯",
        "body": (Block(kind="paragraph", text=text, spans=(span(2, 4),)),),
        "captions": (Caption(text="工人在装箱", credit="李小红", spans=(span(4, 4),)),),
        "spans": (
            RoleSpan(page=1, first=2, last=4, role="body"),
            RoleSpan(page=1, first=6, last=6, role="headline"),
        ),
        "confidence": 0.9,
        "flags": ("low-confidence",),
        "topics": (
            Topic(
                id="customs",
                label="海关",
                label_en="Customs",
                iptc="medtop:20000373",
                iptc_match="broad",
                score=0.97,
                evidence=(Evidence(part="body", start=12, end=14, text="海关", weight=3.0),),
            ),
        ),
        "places": (Place(name="示例市", code="440900", full_name="广东省示例市", mentions=2),),
        "organisations": (Name(name="示例海关", mentions=1),),
        "people": (Name(name="张三", mentions=1),),
        "figures": (
            Figure(
                value=300, unit="箱", what="月饼", span=TextSpan(part="body", index=0, start=20, end=23, text="三百箱")
            ),
        ),
        "taxonomy_version": seed_taxonomy().version,
    }
    return TaggedArticle(**content | changes)


def teas(**changes: Any) -> TaggedArticle:
    """Return a story of four blocks about tea, which editors corrected: each correction stands otherwise by now."""
    texts = (
        "本报讯　春茶上市，山区茶农连日采摘，头春茶价比去年略高。",
        "价格",
        "一等茶每斤一百二十元，二等茶八十元，比去年同期涨一成。",
        "茶商说，雨水少，产量减了两成，价还会涨。",
    )
    given: dict[str, Any] = {
        "article_id": f"{ISSUE}/00000000000d",
        "headline": "春茶上市价略高",
        **dict.fromkeys(("kicker", "deck", "label"), ""),
        **dict.fromkeys(("captions", "figures", "people", "organisations", "places", "topics", "flags"), ()),
        "body": tuple(
            Block(kind="subhead" if len(text) < 4 else "paragraph", text=text, spans=(span(2, 4),)) for text in texts
        ),
        "corrections": TEA_CORRECTIONS,
    }
    return article(**given | changes)


def applied(number: int, change: Change, state: State = "applied", **given: Any) -> AppliedCorrection:
    """Return a correction of the story about tea as it stands, the `number`th by time."""
    content: dict[str, Any] = {
        "correction_id": f"{number:x}" * 32,
        "article_id": f"{ISSUE}/00000000000d",
        "by": "周敏",
        "at": dt.datetime(2023, 8, 4, 6, 30 + number, tzinfo=dt.UTC),
        "change": change,
        "state": state,
    }
    return AppliedCorrection(**content | given)


TEA_CORRECTIONS = (
    applied(1, HeadlineChange(change="headline", headline="春茶上市"), "superseded", before="春荼上市价略高"),
    applied(2, HeadlineChange(change="headline", headline="春茶上市价略高"), before="春茶上市"),
    applied(
        3,
        TopicsChange(change="topics", topics=("industry",)),
        "taken_back",
        by="吴启明",
        taken_back_by="周敏",
        taken_back_at=dt.datetime(2023, 8, 4, 7, 2, tzinfo=dt.UTC),
    ),
    applied(4, KindChange(change="kind", kind="story"), before="brief"),
    applied(5, Split(change="split", begins="茶商说，雨水多"), "without_effect", by="吴启明"),
)
TEA_HEADLINE = TEA_CORRECTIONS[1]


def forecast() -> TaggedArticle:
    """Return the forecast on line 7."""
    return article(
        article_id=f"{ISSUE}/00000000000b",
        kind="weather",
        headline="",
        kicker="",
        deck="",
        label="",
        bylines=(),
        source="",
        body=(),
        captions=(),
        figures=(),
        flags=(),
        topics=(),
        places=(),
        organisations=(),
        people=(),
        weather=Weather(text="今日天气：大雨，24到29度", sky="大雨", low_celsius=24, high_celsius=29),
        spans=(RoleSpan(page=1, first=7, last=7, role="weather"),),
    )


def record(**changes: Any) -> IssueRecord:
    """Return the issue's record: the nameplate is furniture, every line is placed."""
    content: dict[str, Any] = {
        **IDENTITY,
        "pages": (1,),
        "furniture": (FurnitureSpan(page=1, first=1, last=1, kind="nameplate"),),
        "quality": Quality(
            lines=6, placed=6, articles=2, title_only=0, body_only=0, orphan_captions=0, low_confidence=1
        ),
    }
    return IssueRecord(**content | changes)
