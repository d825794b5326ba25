"""What a rewind reads of the articles that stand, before segment works everything out again."""

from __future__ import annotations

import datetime as dt

from schemas.article import IssueRecord
from schemas.issue import Issue
from services.cli.operate.standing import StandingArticles
from services.runtime.messages.records import Record
from services.runtime.names import Names
from services.segment.edition.corrections import correct
from services.segment.edition.identity import assign_ids, from_state
from services.segment.edition.messages import messages
from services.segment.segmentation import segment_issue

ISSUE = "渔港日报/2023-08-15"
NOTICE = """渔港路一带明日停水
■记者 周敏
本报讯 因检修管道，明日八时至十八时渔港路一带停水，涉及居民
三千二百户。自来水公司提醒居民提前备水，并安排了六辆送水车在
社区门口等候。检修完成后将逐步恢复供水。"""
PAGES = {
    1: NOTICE,
    2: """七所新小学昨日开学
■记者 何青
本报讯 全县新建的七所小学昨日同时开学，四千多名孩子走进了新
教室。新学校都有食堂和操场，山里的孩子不必再走一个小时的路。""",
    3: NOTICE,
}


def test_of_two_articles_with_the_same_text_each_keeps_its_id() -> None:
    """A notice on two pages: the ids do not change places, in whatever order the topic has them."""
    segmented = segment_issue(PAGES)
    first = assign_ids(ISSUE, segmented.articles, (), 2049)
    assert len({one.text for one in first}) < len(first)
    issue = Issue(issue_id=ISSUE, paper="渔港日报", date=dt.date(2023, 8, 15), revision=1, version=2049, pages=())
    found = [one for one in messages(issue, correct(segmented, first, (), PAGES)) if not isinstance(one, IssueRecord)]
    for order in (found, found[::-1]):
        with StandingArticles() as standing:
            for offset, one in enumerate(order):
                value = one.model_dump_json().encode()
                standing.note(Record("articles", 0, offset, 0, one.article_id.encode(), value), Names(""))
            ((issue_id, state),) = standing.states()
        again = assign_ids(issue_id, segmented.articles, from_state(state["articles"]), 2049)
        assert [one.article_id for one in again] == [one.article_id for one in first]
