"""An example of every message, all from the same small issue. The JSON Schemas include them, and tests read them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from schemas.article import (
    Article,
    ArticleVersion,
    Block,
    Byline,
    Caption,
    FurnitureSpan,
    IssueRecord,
    Jump,
    LineSpan,
    Quality,
    RoleSpan,
    Weather,
    Withdrawal,
)
from schemas.correction import (
    ANCHOR_CHARACTERS,
    AppliedCorrection,
    Correction,
    HeadlineChange,
    KindChange,
    Merge,
    Split,
    TakeBack,
    TopicsChange,
)
from schemas.difference import Difference
from schemas.geometry import Area, Geometry, Link
from schemas.issue import Issue, Page, issue_id, version_of
from schemas.raw import RawIssue, RawPage
from schemas.tagged import Evidence, Figure, Name, Place, TaggedArticle, TextSpan, Topic
from schemas.taxonomy import Taxonomy, Terms, TopicDefinition

if TYPE_CHECKING:
    from schemas.contract import Contract

PAPER = "渔港日报"
DATE = dt.date(2023, 8, 4)
ISSUE_ID = issue_id(PAPER, DATE)
REVISION = 1_691_100_000_000
VERSION = version_of(REVISION, 2)
TEXT = """\
渔港日报 2023年8月4日 星期五
渔港昨日开渔
三百余艘渔船鸣笛出海
本报讯（记者林海生）昨日正午，渔港三百余艘渔船鸣笛出海，
首日卸鱼量比去年增长6%。
（下转第3版）
渔船出港。黄一帆 摄
今日多云，偏南风2-3级，26-33℃
"""
"""A page about the start of a fishing port's season, with a jump line, a caption and a weather line."""

STORY_ID = f"{ISSUE_ID}/5f0c2a9e41d7"
EDITED = dt.datetime(2023, 8, 4, 6, 30, tzinfo=dt.UTC)
SHORTER = HeadlineChange(change="headline", headline="渔港开渔")
CORRECTIONS = (
    Correction(
        correction_id="9d2e6b0f4c1a4b7f8e3d5a6c7b8f9e01", article_id=STORY_ID, by="周敏", at=EDITED, change=SHORTER
    ),
    Correction(
        correction_id="1b4f7c2d8e9a4c3b9f6e0d1c2b3a4f52",
        article_id=STORY_ID,
        by="吴启明",
        at=EDITED + dt.timedelta(minutes=5),
        change=TakeBack(change="take_back", taken_back="9d2e6b0f4c1a4b7f8e3d5a6c7b8f9e01"),
    ),
)
"""An editor shortens a headline, and a colleague takes the correction back."""

BODY = "昨日正午，渔港三百余艘渔船鸣笛出海，首日卸鱼量比去年增长6%。"
STORY = {
    "article_id": STORY_ID,
    "issue_id": ISSUE_ID,
    "paper": PAPER,
    "date": DATE,
    "revision": REVISION,
    "version": VERSION,
    "difference": Difference(kind="changed", parts=("headline", "corrections"), version=VERSION - 1),
    "pages": (1,),
    "kind": "story",
    "headline": "渔港昨日开渔",
    "deck": "三百余艘渔船鸣笛出海",
    "bylines": (Byline(name="林海生", role="记者"),),
    "source": "本报讯",
    "body": (Block(kind="paragraph", text=BODY, spans=(LineSpan(page=1, first=4, last=5),)),),
    "captions": (Caption(text="渔船出港。", credit="黄一帆", spans=(LineSpan(page=1, first=7, last=7),)),),
    "jumps": (Jump(direction="to", page=3, text="（下转第3版）", span=LineSpan(page=1, first=6, last=6)),),
    "spans": (
        RoleSpan(page=1, first=2, last=2, role="headline"),
        RoleSpan(page=1, first=3, last=3, role="deck"),
        RoleSpan(page=1, first=4, last=5, role="body"),
        RoleSpan(page=1, first=6, last=6, role="jump"),
        RoleSpan(page=1, first=7, last=7, role="caption"),
    ),
    "confidence": 0.97,
    "flags": ("jump-unresolved",),
    "corrections": (
        AppliedCorrection(
            correction_id=CORRECTIONS[0].correction_id,
            article_id=STORY_ID,
            by="周敏",
            at=EDITED,
            change=SHORTER,
            state="taken_back",
            taken_back_by="吴启明",
            taken_back_at=EDITED + dt.timedelta(minutes=5),
        ),
    ),
}
FORECAST = {
    "article_id": f"{ISSUE_ID}/a83b6cf20e19",
    "issue_id": ISSUE_ID,
    "paper": PAPER,
    "date": DATE,
    "revision": REVISION,
    "version": VERSION,
    "difference": Difference(kind="created"),
    "pages": (1,),
    "kind": "weather",
    "headline": "",
    "weather": Weather(
        sky="多云", wind="偏南风2-3级", low_celsius=26, high_celsius=33, text="今日多云，偏南风2-3级，26-33℃"
    ),
    "spans": (RoleSpan(page=1, first=8, last=8, role="weather"),),
    "confidence": 0.99,
}
GONE = Withdrawal(
    article_id=f"{ISSUE_ID}/0b7d94c6e2f8",
    issue_id=ISSUE_ID,
    paper=PAPER,
    date=DATE,
    revision=REVISION,
    version=VERSION,
    difference=Difference(kind="withdrawn", version=VERSION - 1),
)
RECORD = IssueRecord(
    issue_id=ISSUE_ID,
    paper=PAPER,
    date=DATE,
    revision=REVISION,
    version=VERSION,
    pages=(1,),
    furniture=(FurnitureSpan(page=1, first=1, last=1, kind="folio"),),
    quality=Quality(lines=8, placed=8, articles=2, title_only=0, body_only=0, orphan_captions=0, low_confidence=0),
    contents=(
        ArticleVersion(article_id=STORY_ID, version=VERSION),
        ArticleVersion(article_id=f"{ISSUE_ID}/a83b6cf20e19", version=VERSION),
    ),
)
PRINTED = "渔港昨日开渔\n渔船出港。黄一帆 摄"
PLACES = Geometry(
    size=(1034.6, 1488.2),
    lines=((60.0, 120.5, 302.4, 50.4, 50.4), (60.0, 402.0, 90.0, 9.0, 9.0)),
    boxes=(Area(kind="image", box=(60.0, 190.0, 302.4, 205.0)),),
    links=(Link(kind="pdf", uri="https://archive.example/2023-08-04/01.pdf"),),
)
"""A headline over a picture and its caption, in points on a broadsheet page."""
TAXONOMY_VERSION = "2023-08-0123456789ab"

EXAMPLES: dict[str, tuple[Contract, ...]] = {
    "issues.raw": (
        RawIssue(paper=PAPER, date=DATE, pages=(RawPage(page=1, text=TEXT),), revision=REVISION),
        RawIssue(paper=PAPER, date=DATE, revision=REVISION + 1, withdrawn=True),
        RawIssue(paper=PAPER, date=DATE, pages=(RawPage(page=1, text=PRINTED, **PLACES.model_dump()),)),
    ),
    "corrections": (
        *CORRECTIONS,
        Correction(
            correction_id="c7a1d5e3b9f24068a1c2e3f405162738",
            article_id=STORY_ID,
            by="周敏",
            at=EDITED + dt.timedelta(minutes=7),
            change=TopicsChange(change="topics", topics=("fishery",)),
        ),
        Correction(
            correction_id="e0f1a2b3c4d54e6f8091a2b3c4d5e6f7",
            article_id=STORY_ID,
            by="周敏",
            at=EDITED + dt.timedelta(minutes=8),
            change=KindChange(change="kind", kind="brief"),
        ),
        Correction(
            correction_id="2a3b4c5d6e7f48099a8b7c6d5e4f3a2b",
            article_id=STORY_ID,
            by="周敏",
            at=EDITED + dt.timedelta(minutes=9),
            change=Merge(change="merge", other_id=f"{ISSUE_ID}/0b7d94c6e2f8"),
        ),
        Correction(
            correction_id="77f0e1d2c3b44a5968778695a4b3c2d1",
            article_id=STORY_ID,
            by="周敏",
            at=EDITED + dt.timedelta(minutes=10),
            change=Split(change="split", begins=BODY[:ANCHOR_CHARACTERS]),
        ),
    ),
    "issues": (
        Issue(
            issue_id=ISSUE_ID,
            paper=PAPER,
            date=DATE,
            revision=REVISION,
            version=VERSION,
            pages=(Page(page=1, revision=REVISION, text=TEXT),),
            corrections=CORRECTIONS,
        ),
        Issue(
            issue_id=ISSUE_ID,
            paper=PAPER,
            date=DATE,
            revision=REVISION,
            version=VERSION,
            pages=(Page(page=1, revision=REVISION, text=PRINTED, geometry=PLACES),),
        ),
    ),
    "articles": (Article.model_validate(STORY), Article.model_validate(FORECAST), GONE, RECORD),
    "articles.tagged": (
        TaggedArticle.model_validate(
            {
                **STORY,
                "topics": (
                    Topic(
                        id="fishery",
                        label="渔业",
                        label_en="Fishery",
                        iptc="medtop:20000215",
                        score=0.93,
                        evidence=(
                            Evidence(part="headline", start=0, end=6, text="渔港昨日开渔", weight=3.0),
                            Evidence(part="body", start=8, end=13, text="百余艘渔船", weight=1.0),
                        ),
                    ),
                ),
                "places": (Place(name="渔港", mentions=3),),
                "people": (Name(name="黄一帆", mentions=1),),
                "figures": (
                    Figure(
                        value=6.0,
                        unit="%",
                        what="卸鱼量",
                        change="rise",
                        span=TextSpan(part="body", start=28, end=30, text="6%"),
                    ),
                ),
                "dates": (dt.date(2023, 8, 3),),
                "taxonomy_version": TAXONOMY_VERSION,
            }
        ),
        GONE,
        RECORD,
    ),
    "taxonomy": (
        Taxonomy(
            version=TAXONOMY_VERSION,
            topics=(
                TopicDefinition(
                    id="fishery",
                    label="渔业",
                    label_en="Fishery",
                    iptc="medtop:20000215",
                    iptc_match="close",
                    terms=(
                        Terms(weight=3, words=("开渔", "休渔")),
                        Terms(weight=1, words=("渔船",), unless=("救援",)),
                    ),
                ),
            ),
        ),
    ),
}
"""Examples by topic, without the prefix of an installation.

The quarantine has no examples, because it holds whatever others sent.
"""
