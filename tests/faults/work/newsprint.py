"""Short stories from a small grammar, and the pages on which they are printed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LINE_CHARACTERS = 17

PLACES = (
    "渔港",
    "东山",
    "南岭",
    "新桥",
    "石湾",
    "白沙",
    "古城",
    "平湖",
    "青田",
    "长堤",
    "北坡",
    "河口",
    "松林",
    "沙洲",
)
WHO = (
    "码头",
    "小学",
    "医院",
    "车站",
    "水库",
    "果园",
    "工厂",
    "邮局",
    "图书馆",
    "体育场",
    "菜市场",
    "冰厂",
    "船厂",
    "茶场",
)
DID = (
    "昨日完工",
    "今晨启用",
    "下月扩建",
    "试行夜班",
    "迁往新址",
    "添置设备",
    "招收新人",
    "恢复营业",
    "通过验收",
    "提前投产",
)
SPEAKERS = ("场长", "校长", "厂长", "站长", "工程师", "老职工", "管理员", "负责人", "村支书", "镇长")
SAID = ("比去年多了", "还缺少", "一共需要", "已经用去", "每天接待", "年底前要有", "原先只有", "计划再添")
UNITS = ("名工人", "间教室", "条渔船", "亩果林", "吨冰块", "张床位", "盏路灯", "户人家", "台机器", "趟班车")
SURNAMES = "陈李王张黄林吴周徐孙"
GIVEN = "海桥禾山松青明远春兰"


@dataclass(frozen=True, slots=True)
class Story:
    """A story: its headline, its author, and its sentences."""

    headline: str
    reporter: str
    sentences: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return the story as printed in one column."""
        body = "本报讯 " + "".join(self.sentences)
        wrapped = [body[start : start + LINE_CHARACTERS] for start in range(0, len(body), LINE_CHARACTERS)]
        return [self.headline, f"■记者 {self.reporter}", *wrapped]


def sentence(chance: random.Random) -> str:
    """Return a sentence that hardly any other story has."""
    speaker, said, unit = chance.choice(SPEAKERS), chance.choice(SAID), chance.choice(UNITS)
    return f"{chance.choice(PLACES)}{speaker}说，{chance.choice(WHO)}{said}{chance.randint(12, 9876)}{unit}。"


def _story(chance: random.Random, place: str) -> Story:
    who, did = chance.choice(WHO), chance.choice(DID)
    opening = f"{place}{who}{did}，共有{chance.randint(12, 9876)}{chance.choice(UNITS)}。"
    sentences = (opening, *(sentence(chance) for _ in range(chance.randint(1, 2))))
    return Story(f"{place}{who}{did}", chance.choice(SURNAMES) + chance.choice(GIVEN), sentences)


_STOCK = tuple(_story(random.Random(f"story {place}"), place) for place in PLACES)
_FURTHER = tuple(sentence(random.Random(f"sentence {number}")) for number in range(3))
"""All stories and all corrections are made from these few. Finding the articles of a page is by far the largest cost of
computing what must be held, and pages that were seen before cost nothing."""


def story(chance: random.Random) -> Story:
    """Return an existing story."""
    return chance.choice(_STOCK)


def stories(chance: random.Random, count: int) -> list[Story]:
    """Return different stories."""
    return chance.sample(_STOCK, count)


def changed(chance: random.Random, old: Story) -> Story:
    """Return the story with another last sentence, as in a correction."""
    return replace(old, sentences=(*old.sentences[:-1], chance.choice(_FURTHER)))


def split(old: Story) -> tuple[Story, Story]:
    """Return two stories made from one story."""
    second = Story(f"{old.headline[2:]}之后", old.reporter, (*old.sentences[1:], _FURTHER[0]))
    return replace(old, sentences=(old.sentences[0], _FURTHER[1])), second


def merged(one: Story, other: Story) -> Story:
    """Return one story made from two stories."""
    return replace(one, sentences=(*one.sentences, *other.sentences))


def page_text(stories: Sequence[Story]) -> str:
    """Return the text of a page."""
    return "\n".join("".join(f"{line}\n" for line in each.lines()) for each in stories)
