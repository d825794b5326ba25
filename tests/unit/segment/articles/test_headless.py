"""Stories that the models leave without a headline, where the page prints one."""

from __future__ import annotations

from services.segment.segmentation import segment_issue

HEADS = "渔港日报\n2023年8月15日 星期二\n"
HARBOUR = """\
　　本报讯（记者周启明）渔港码头改造工程昨天
全面完工，新建的三个泊位可同时停靠二十艘渔
船。工程去年三月动工，总投资八千二百万元。
　　码头管理处介绍，改造后的泊位水深增加了
一米半，冷库容量扩大一倍，渔民卸货时间从四
小时缩短到一个半小时。
　　“以前船要排队进港，现在来了就能靠。”船
老大何平说，今年休渔期结束后，他的船已经出
海十一次。
"""
RAIN = """\
　　山城气象台预计，未来三天将有两次较强降
雨过程，江河水位可能上涨。水利部门已派出十
二个小组到各县检查水库堤坝。
　　截至昨晚八时，全市一百二十座小型水库全
部降至汛限水位以下，三千名民兵在岗待命。
　　市民出行请避开低洼路段，发现险情可拨打
值班电话。
"""
COLD_STORES = """\
　　与此同时，沿海各镇也在加快建设自己的冷
链。东山镇新建的仓库可存放五百吨海产，九月
投入使用。
　　东山镇镇长说，过去鱼打上来只能贱卖，有
了冷库，价格由渔民自己定。
"""


def _headlines(page: str) -> dict[str, str]:
    """Return the headline of each article by the first words of its text."""
    return {a.blocks[0].text[:4]: a.headline for a in segment_issue({1: page}).articles if a.blocks}


def test_the_headline_above_a_jump_belongs_to_the_text_below_it() -> None:
    """The story before it gets its own headline, which looks like a slogan below the running heads."""
    page = f"{HEADS}两轮强降雨将至\n{RAIN}渔港码头旧貌换新颜\n（上接第一版）\n{COLD_STORES}"
    assert _headlines(page) == {"山城气象": "两轮强降雨将至", "与此同时": "渔港码头旧貌换新颜"}


def test_a_vertical_headline_at_the_end_belongs_to_the_story_without_one() -> None:
    """One character a line."""
    page = f"{HEADS}{HARBOUR}渔\n港\n改\n造\n完\n工\n"
    assert list(_headlines(page).values()) == ["渔港改造完工"]


def test_running_heads_are_no_headline() -> None:
    """A text without a headline stays without one below dates, folios and editors."""
    page = f"渔港日报\n第3版\n责编：周启明　美编：许知夏\n{COLD_STORES}{RAIN}"
    assert set(_headlines(page).values()) == {""}


def test_a_row_above_a_jump_from_another_page_is_the_headline() -> None:
    """Below the running heads it looks like a slogan."""
    page = f"2 版\n2023年8月15日 星期二\n清单之外还有真情\n（上接第1版）\n{COLD_STORES}{HARBOUR}"
    assert _headlines(page)["与此同时"] == "清单之外还有真情"


def test_two_characters_above_a_byline_are_a_headline() -> None:
    """Essays have such headlines."""
    page = f"晒秋\n裴  桐\n{RAIN}"
    assert _headlines(page) == {"山城气象": "晒秋"}


def test_the_title_of_a_column_joins_no_headline() -> None:
    """It stands over several briefs."""
    rain = RAIN.replace("山城气象台", "本报讯（记者许知夏）山城气象台", 1)
    page = f"{HEADS}民生速递\n渔港码头旧貌换新颜\n{HARBOUR}两轮强降雨将至\n{rain}"
    assert [a.headline for a in segment_issue({1: page}).articles] == ["渔港码头旧貌换新颜", "两轮强降雨将至"]
