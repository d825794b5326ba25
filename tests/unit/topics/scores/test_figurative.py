"""Words of a topic that are not about it: names, titles, likenesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.topics import short_texts

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    "text",
    [
        "晴雯补裘一折昨晚在青峦剧院上演。",
        "江阴马拉松昨日开跑，两万名跑者参加。",
        "话剧《雷雨》在青峦大剧院连演三场。",
        "得知录取消息，他的心情由阴转晴。",
        "这支球队如同台风过境，连胜六场。",
        "王小雨获得全市朗诵比赛一等奖。",
        "警方侦破网络贩毒案，缴获毒品百公斤。",
    ],
)
def test_a_figurative_word_makes_no_topic(topics: Callable[..., set[str]], text: str) -> None:
    """A place, a person, a play, a mood: none is about the weather."""
    assert topics(text) == set()


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("今天晴，气温18到26℃。", "weather"),
        ("明天多云转阴，有小雨。", "weather"),
        ("《青峦海关监管办法》公布，海关查验手续简化。", "customs"),
        ("台风“海鸥”昨日登陆青峦，阵风12级。", "weather"),
    ],
)
def test_the_same_words_meant_as_they_stand_make_one(topics: Callable[..., set[str]], text: str, topic: str) -> None:
    """A forecast is about the weather, and the title of a regulation about what it rules."""
    assert topics(text) == {topic}


def test_nearly_all_one_sentence_items_have_their_topics(topics: Callable[..., set[str]]) -> None:
    """Of benchmarks/short_topics.tsv at least 9 of 10, figurative and real alike."""
    items = list(short_texts())
    for figurative in (True, False):
        chosen = [item for item in items if figurative is not bool(item.topics)]
        right = sum(topics(item.text) == item.topics for item in chosen)
        assert right >= 0.9 * len(chosen)
