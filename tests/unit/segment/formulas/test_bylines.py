"""Who wrote it, from every way papers print it."""

import pytest

from services.segment.formulas.bylines import parse_byline
from services.segment.formulas.person_names import split_names
from services.segment.formulas.signatures import people_in_text


@pytest.mark.parametrize(
    ("printed", "people"),
    [
        ("本报记者 王小明 通讯员 李大力 陈静", [("王小明", "记者"), ("李大力", "通讯员"), ("陈静", "通讯员")]),
        ("■记者赵一凡通讯员钱多多孙丽", [("赵一凡", "记者"), ("钱多多", "通讯员"), ("孙丽", "通讯员")]),
        ("文/晚报记者 周平、吴越", [("周平", "记者"), ("吴越", "记者")]),
        ("新华社记者郑爽", [("郑爽", "记者")]),
        ("欧阳文山 冯春", [("欧阳文山", "作者"), ("冯春", "作者")]),
        ("撰文：褚卫 摄影：卫青", [("褚卫", "作者"), ("卫青", "摄影")]),
        ("撰文/褚卫 摄影/卫青", [("褚卫", "作者"), ("卫青", "摄影")]),
        ("文：褚卫 图：卫青", [("褚卫", "作者"), ("卫青", "摄影")]),
        ("文/褚卫 图/卫青", [("褚卫", "作者"), ("卫青", "摄影")]),
        ("褚卫/文 卫青/摄", [("褚卫", "作者"), ("卫青", "摄影")]),
        ("褚卫 文/图", [("褚卫", "作者")]),
        ("文/图 记者 褚卫", [("褚卫", "记者")]),
        ("本报记者 褚卫/文 卫青/图", [("褚卫", "记者"), ("卫青", "记者")]),
        ("记者 钱多多 摄影报道", [("钱多多", "记者")]),
        ("记者钱多多报道", [("钱多多", "记者")]),
        ("记者/钱多多", [("钱多多", "记者")]),
        ("全媒体记者｜钱多多 吴 越", [("钱多多", "记者"), ("吴越", "记者")]),
        ("【见习记者 钱多多】", [("钱多多", "记者")]),
        ("（钱多多）", [("钱多多", "作者")]),
        ("□ 钱多多", [("钱多多", "作者")]),
        ("——钱多多", [("钱多多", "作者")]),
        ("作者：钱多多", [("钱多多", "作者")]),
        ("钱多多（北京）", [("钱多多", "作者")]),
        ("编译 钱多多", [("钱多多", "翻译")]),
        ("钱多多 编译", [("钱多多", "作者")]),
        ("本报评论员 钱多多", [("钱多多", "评论员")]),
        ("特约撰稿 钱多多", [("钱多多", "撰稿")]),
        ("本报驻巴黎记者 钱多多", [("钱多多", "记者")]),
        ("新华社记者 钱多多、吴越", [("钱多多", "记者"), ("吴越", "记者")]),
        ("山城都市报首席记者 钱多多", [("钱多多", "记者")]),
        ("融媒记者 钱多多 发自青川", [("钱多多", "记者")]),
        ("记者：钱多多 实习生：吴越", [("钱多多", "记者"), ("吴越", "实习生")]),
        ("本报记者李 四通讯员王 五 赵六七", [("李四", "记者"), ("王五", "通讯员"), ("赵六七", "通讯员")]),
        ("通讯员 王 武 林英 潘 华", [("王武", "通讯员"), ("林英", "通讯员"), ("潘华", "通讯员")]),
        (
            "记者 古丽娜尔·买买提 欧阳 通讯员 诸葛青云",
            [("古丽娜尔·买买提", "记者"), ("欧阳", "记者"), ("诸葛青云", "通讯员")],
        ),
        ("本報記者 趙學勤 通訊員 錢進", [("趙學勤", "记者"), ("錢進", "通讯员")]),
        ("钱多多 作者单位：山城大学", [("钱多多", "作者")]),
        ("本报编辑部", []),
        ("■记者 沈𬭚　通讯员 柳䶮", [("沈𬭚", "记者"), ("柳䶮", "通讯员")]),
        ("■记者 章〇一　通讯员 柳㛃", [("章〇一", "记者"), ("柳㛃", "通讯员")]),
        ("本报记者 李  非", [("李非", "记者")]),
        ("记者：沈柏舟 责编：柳映月 校对：韦立民", [("沈柏舟", "记者"), ("柳映月", "责编"), ("韦立民", "校对")]),
        ("青峦市融媒体中心记者 沈柏舟 shen@example.org", [("沈柏舟", "记者")]),
        ("本报记者 沈柏舟 柳映月 采写", [("沈柏舟", "记者"), ("柳映月", "记者")]),
        ("文/John Smith 图/柳映月", [("John Smith", "作者"), ("柳映月", "摄影")]),
        ("（作者沈柏舟系青峦市作家协会会员）", [("沈柏舟", "作者")]),
        ("综合央视新闻、新华社", []),
        ("人民时评", []),
        ("执笔：沈柏舟", [("沈柏舟", "作者")]),
        ("青峦作协 沈柏舟", [("沈柏舟", "作者")]),
    ],
)
def test_a_byline_names_people_with_their_roles(printed: str, people: list[tuple[str, str]]) -> None:
    """Names are told from papers and roles, glued or spaced."""
    assert [(p.name, p.role) for p in parse_byline(printed)] == people


def test_names_run_together_are_split_at_surnames() -> None:
    """Two names without a space between them are two people."""
    assert split_names("沈小雨韩雪") == ("沈小雨", "韩雪")


def test_the_lead_names_its_reporter() -> None:
    """本报讯（记者 …） credits people inside the story."""
    found = people_in_text("本报讯（记者 杨帆 通讯员 朱丹）昨日，新桥通车。", "通车后交通更顺畅。")
    assert [(p.name, p.role) for p in found] == [("杨帆", "记者"), ("朱丹", "通讯员")]


def test_a_report_line_names_its_reporters_and_not_their_agencies() -> None:
    """记者甲、本报记者乙报道 credits both."""
    found = people_in_text("本报北京5月1日讯 新华社记者秦岭、本报记者尤佳报道：今天天气晴朗。", "结束。")
    assert [p.name for p in found] == ["秦岭", "尤佳"]


def test_a_signature_in_brackets_is_an_author() -> None:
    """A bare name in brackets at the end signs the story."""
    found = people_in_text("我们村的变化很大。", "日子越过越好。（许多 何平）")
    assert [(p.name, p.role) for p in found] == [("许多", "作者"), ("何平", "作者")]


@pytest.mark.parametrize(
    ("lead", "names"),
    [
        ("【本报讯】[通讯员 杨帆、朱丹]昨日，新桥通车。", ["杨帆", "朱丹"]),
        ("本报讯 本报记者杨帆 通讯员 朱丹报道：昨日，新桥通车。", ["杨帆", "朱丹"]),
        ("新华社北京５月１日电（记者杨帆）昨日，新桥通车。", ["杨帆"]),
        ("本报讯 记者杨帆昨天从市政府获悉，新桥通车。", ["杨帆"]),
        ("本報訊（記者 楊帆）昨日，新橋通車。", ["楊帆"]),
        ("本报讯 记者从市政府获悉，新桥通车。", []),
        ("新华社北京电 本社记者报道，新桥昨日通车，市民从此不再绕行。", []),
    ],
)
def test_a_lead_names_its_reporters_in_any_form(lead: str, names: list[str]) -> None:
    """Round or square brackets, or none before 报道; who is told something is not who wrote it."""
    assert [p.name for p in people_in_text(lead, "通车后交通更顺畅。")] == names


@pytest.mark.parametrize(
    ("tail", "people"),
    [
        ("日子越过越好。（许多 文/图）", [("许多", "作者")]),
        ("日子越过越好。 本报记者 许多", [("许多", "记者")]),
        ("日子越过越好。（记者许多 通讯员何平）", [("许多", "记者"), ("何平", "通讯员")]),
        ("日子越过越好。[许多]", [("许多", "作者")]),
        ("日子越过越好。 沈柏舟 柳映月 韦立民", [("沈柏舟", "作者"), ("柳映月", "作者"), ("韦立民", "作者")]),
        ("日子越过越好。（作者：沈柏舟，系山城大学教授）", [("沈柏舟", "作者")]),
        ("他把话筒递给了记者", []),
    ],
)
def test_a_story_is_signed_at_its_end(tail: str, people: list[tuple[str, str]]) -> None:
    """In brackets, or openly after the last sentence."""
    assert [(p.name, p.role) for p in people_in_text("我们村的变化很大。", tail)] == people


@pytest.mark.parametrize(
    "tail",
    [
        "（据新华社）",
        "（未完待续）",
        "（见第三版）",
        "（完）",
        "（作者为山城大学教授）",
        "（包括工时费和材料费）",
        "（北京《山城生活》）",
    ],
)
def test_a_source_in_brackets_is_nobody(tail: str) -> None:
    """What stands in brackets at the end is not always a name."""
    assert people_in_text("今天开幕。", f"会议将持续三天。{tail}") == ()


def test_a_byline_without_end_is_read_in_its_first_characters() -> None:
    """Hostile text costs no more than a long line."""
    assert parse_byline("驻王" * 100_000) == parse_byline("驻王" * 1_000)
