"""Lines that credit people and say nothing else."""

from __future__ import annotations

import pytest

from services.segment.formulas.credit_lines import is_credit_line

CREDITS = (
    "渔港融媒体中心记者 周启明",
    "■本报记者 周启明 通讯员 许知夏 何平",
    "山城日报全媒体记者 许知夏 通讯员 何平",
    "记者 周启明、许知夏",
    "裴  桐",
    "裴\u3000桐",
    "周启明 许知夏 何平",
    "何 平",
    "余 知 味",
    "周启明 许知夏 何 平",
    "何 平 周启明 许 知",
    "【见习记者 周启明】",
    "[全媒体记者 周启明 / 许知夏]",
    "※文/本报记者 周启明 许知夏",
    "文/图 周启明",
    "周启明 文/图",
    "记者 周启明 摄影报道",
    "采写：融媒记者 周启明 通讯员 许知夏",
    "采写：通讯员 周启明 摄影：许知夏",
    "撰文/周启明 摄影/许知夏",
    "山城新闻记者 周启明 发自渔港",
    "山城日报·渔港客户端记者 周启明",
    "本报首席记者 周启明/许知夏 报道",
    "本报评论员 周启明",
    "执笔：周启明",
)
OTHERS = (
    "本报记者 周启明摄",
    "本报记者在渔港码头看到",
    "记者获悉",
    "周启明、许知夏、何平、",
    "午休的椅子",
    "文 化",
    "国 际",
    "渔港 山城",
    "裴桐",
    "周启明",
    "本报讯 本报记者 周启明",
    "时报讯 周启明",
    "他把话筒交给记者",
    "现场报道",
    "文 渔港日报",
    "记者 周启明 摄",
    "",
)


@pytest.mark.parametrize("printed", CREDITS)
def test_names_after_a_role_or_set_apart_are_a_credit(printed: str) -> None:
    """Publishers, ranks and marks before them, and blanks inside a name."""
    assert is_credit_line(printed)


@pytest.mark.parametrize("printed", OTHERS)
def test_text_columns_and_credits_of_pictures_are_none(printed: str) -> None:
    """A single name without a blank could be a title; a list with commas could be text."""
    assert not is_credit_line(printed)
