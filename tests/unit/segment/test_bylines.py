"""Who wrote it, from every way papers print it."""

import pytest

from services.segment.bylines import parse_byline, people_in_text, split_names


@pytest.mark.parametrize(
    ("printed", "people"),
    [
        ("本报记者 王小明 通讯员 李大力 陈静", [("王小明", "记者"), ("李大力", "通讯员"), ("陈静", "通讯员")]),
        ("■记者赵一凡通讯员钱多多孙丽", [("赵一凡", "记者"), ("钱多多", "通讯员"), ("孙丽", "通讯员")]),
        ("文/晚报记者 周平、吴越", [("周平", "记者"), ("吴越", "记者")]),
        ("新华社记者郑爽", [("郑爽", "记者")]),
        ("欧阳文山 冯春", [("欧阳文山", "作者"), ("冯春", "作者")]),
        ("撰文：褚卫 摄影：卫青", [("褚卫", "作者"), ("卫青", "摄影")]),
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


@pytest.mark.parametrize("tail", ["（据新华社）", "（未完待续）", "（见第三版）", "（完）"])
def test_a_source_in_brackets_is_nobody(tail: str) -> None:
    """What stands in brackets at the end is not always a name."""
    assert people_in_text("今天开幕。", f"会议将持续三天。{tail}") == ()
