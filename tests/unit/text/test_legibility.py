"""Which pages cannot be read at all, and why."""

from __future__ import annotations

import pytest

from services.text.legibility import NotAPage, Unreadable, what_is_wrong

PROSE = (
    "本报讯昨日上午，青峦市轴承厂新车间正式投产，首批二百四十套精密轴承下线。厂长高志远说，新生产线用上了工业机器人，"
    "全年产能可达三万套，比去年增长百分之十五。今年以来，青峦市坚持制造业当家，工业投资保持两位数增长。\n"
)


@pytest.mark.parametrize(
    ("was", "read_as"),
    [
        *(("utf-8", codec) for codec in ("latin-1", "gb18030", "big5")),
        *(("gb18030", codec) for codec in ("latin-1", "big5", "cp1252")),
    ],
)
def test_text_decoded_with_another_encoding_is_mojibake(was: str, read_as: str) -> None:
    """Whichever two encodings are taken for one another."""
    found = what_is_wrong(PROSE.encode(was, "ignore").decode(read_as, "replace"))
    assert isinstance(found, Unreadable)
    assert "encoding" in found.remedy


@pytest.mark.parametrize(
    "text", [PROSE, "公告", "渔" * 500, "Business Weekly: trade grew by 5 per cent.", "1 2 3 4", "·×°±²"]
)
def test_text_that_can_be_read_is_a_page(text: str) -> None:
    """Short ones, Latin ones, and one of a single character too."""
    assert what_is_wrong(text) is None


@pytest.mark.parametrize(("share", "refused"), [(0.3, False), (0.7, True)])
def test_a_page_is_refused_when_most_of_it_is_lost(share: float, *, refused: bool) -> None:
    """Some lost characters are flagged, too many refuse the page and say how many."""
    lost = round(100 * share)
    found = what_is_wrong("(cid:7)" * lost + (PROSE * 2)[: 100 - lost])
    assert (found is not None) == refused
    assert found is None or "glyph codes" in str(found)


def test_a_few_tags_in_prose_are_no_markup() -> None:
    """A page may print a tag."""
    assert what_is_wrong(PROSE * 3 + "网页以<p>开始") is None
    assert isinstance(what_is_wrong("<p>本报讯</p>" * 5), NotAPage)
