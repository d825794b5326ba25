"""Captions and their credits."""

import pytest

from services.segment.formulas.credits import split_credit


@pytest.mark.parametrize(
    ("printed", "text", "credit"),
    [
        ("新建的大桥已经合龙。本报记者吕洋摄", "新建的大桥已经合龙。", "吕洋"),
        ("▲市民在公园晨练。 张弛/摄", "市民在公园晨练。", "张弛"),
        ("孩子们在表演节目。（孔亮 摄）", "孩子们在表演节目。", "孔亮"),
        ("图①：丰收的果园。图/曹阳", "图①：丰收的果园。", "曹阳"),
        ("记者 严明 摄影报道", "", "严明"),
        ("工人正在检修线路。", "工人正在检修线路。", None),
        ("工人正在检修线路。通讯员 黄䶮 摄", "工人正在检修线路。", "黄䶮"),
        ("工人正在检修线路。李 非 摄", "工人正在检修线路。", "李非"),
        ("工人正在检修线路。古丽娜尔·买买提 摄", "工人正在检修线路。", "古丽娜尔·买买提"),
        ("工人正在检修线路。受访者供图", "工人正在检修线路。受访者供图", None),
    ],
)
def test_a_caption_is_parted_from_its_photographer(printed: str, text: str, credit: str | None) -> None:
    """The credit is taken off, the caption stays whole."""
    assert split_credit(printed) == (text, credit)
