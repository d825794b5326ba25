"""Pages as newsrooms send them, read by the command line: what is disguised is read, what is lost is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from services.text.glyphs import FOLDS, HOLE
from services.text.radicals import EQUIVALENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

    Run = Callable[..., Result]

CASES = Path(__file__).parents[3] / "cases"
BASE = (CASES / "00-base" / "base.txt").read_text(encoding="utf-8")
ISSUE = ("--paper", "青峦日报", "--date", "2025-10-13", "--page", "1")


def articles(run: Run, page: str | Path | bytes) -> list[dict[str, Any]]:
    """Return what `broadsheet preview` makes of a page: a file, or a text on standard input."""
    if isinstance(page, Path):
        result = run("preview", page, *ISSUE, "--json")
    else:
        result = run("preview", *ISSUE, "--json", given=page.encode() if isinstance(page, str) else page)
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    quality = found[0]["issue"]["quality"]
    assert quality["lines"] == quality["placed"]
    return found[0]["articles"]


def refusal(run: Run, page: Path) -> str:
    """Return why a page is refused, in one line."""
    result = run("preview", page, *ISSUE)
    assert result.exit_code == 1
    return " ".join(result.output.split())


def spread(text: str, blank: str = " ") -> str:
    return "\n".join(blank.join(line) for line in text.split("\n"))


def drawn(text: str, times: int) -> str:
    return "\n".join("".join(c * times for c in line) if len(line) > 4 else line for line in text.split("\n"))


def disguised(text: str, table: dict[str, str]) -> str:
    """Return `text` with each character that a fold leads to replaced by one that is folded to it."""
    back = {other: one for one, other in table.items()}
    return "".join(back.get(character, character) for character in text)


WAYS: dict[str, Callable[[str], str]] = {
    "Kangxi radicals": lambda text: disguised(text, {k: v for k, v in EQUIVALENTS.items() if k >= "\u2f00"}),
    "CJK radicals": lambda text: disguised(text, {k: v for k, v in EQUIVALENTS.items() if k < "\u2f00"}),
    "compatibility forms": lambda text: disguised(text, {chr(k): v for k, v in FOLDS.items()}),
    "soft hyphens": lambda text: text.replace("者", "\xad者").replace("关", "关\xad").replace("0", "0\xad"),
    "zero-width spaces": "\u200b".join,
    "joiners": lambda text: text.replace("业", "\u200d业\u200c"),
    "word joiners": "\u2060".join,
    "direction marks": lambda text: "".join(f"\u200e{line}\u200f\n" for line in text.splitlines()),
    "variation selectors": lambda text: "".join(c + "\ufe00" if c > "\u4e00" else c for c in text),
    "ideographic selectors": lambda text: "".join(c + "\U000e0100" if c > "\u4e00" else c for c in text),
    "byte order marks inside": "\ufeff".join,
    "bold drawn twice": lambda text: drawn(text, 2),
    "bold drawn three times": lambda text: drawn(text, 3),
    "blanks": spread,
    "wide blanks": lambda text: spread(text, "\xa0"),
    "LINE SEPARATOR": lambda text: text.replace("\n", "\u2028"),
    "PARAGRAPH SEPARATOR": lambda text: text.replace("\n", "\u2029"),
    "NEXT LINE": lambda text: text.replace("\n", "\x85"),
    "vertical tab": lambda text: text.replace("\n", "\x0b"),
}


@pytest.mark.parametrize("damage", WAYS.values(), ids=WAYS)
def test_the_page_damaged_prints_the_same_articles(broadsheet: Run, damage: Callable[[str], str]) -> None:
    """What an extractor only disguises is read as it was printed, to the last value and place."""
    damaged = damage(BASE)
    assert damaged != BASE
    assert articles(broadsheet, damaged) == articles(broadsheet, BASE)


AS_UNDAMAGED = [
    "01-kangxi/kangxi.txt",
    "06-bold-doubled/double.txt",
    "06-bold-doubled/double_by.txt",
    "06-bold-doubled/triple.txt",
    *(f"08-invisible/zw_{name}.txt" for name in ("lrm", "shy", "vs", "wj", "zwnj", "zwsp")),
    "09-spaced/spaced.txt",
    *(f"11-line-separators/{name}.txt" for name in ("ls", "ls_some", "nel", "vt")),
    *(f"30-encodings/{name}.txt" for name in ("cr", "crlf", "gbk", "hwkata")),
]


@pytest.mark.parametrize("name", AS_UNDAMAGED)
def test_a_disguised_page_is_read_as_it_was_printed(broadsheet: Run, name: str) -> None:
    """The cases that damage the base page without losing a character."""
    assert articles(broadsheet, CASES / name) == articles(broadsheet, BASE)


def test_blanks_in_places_are_no_part_of_words_and_numbers(broadsheet: Run) -> None:
    """Dates, names, values and headlines read as on the base page, though only some words are set apart."""
    kept = ("headline", "bylines", "dates", "figures", "weather", "captions")
    found, base = (articles(broadsheet, page) for page in (CASES / "09-spaced" / "spacedsome.txt", BASE))
    assert [{name: one[name] for name in kept} for one in found] == [{name: one[name] for name in kept} for one in base]


def test_a_subhead_drawn_twice_is_a_subhead(broadsheet: Run) -> None:
    """夯夯实实产产业业基基础础 is 夯实产业基础."""
    first = articles(broadsheet, CASES / "06-bold-doubled" / "double_sub.txt")[0]
    assert "夯实产业基础" in [block["text"] for block in first["body"]]


def test_lost_characters_become_holes_and_the_articles_say_so(broadsheet: Run) -> None:
    """A glyph code inside a headline, a name or a forecast leaves a hole and a flag, never a code."""
    found = articles(broadsheet, CASES / "03-cid" / "cid.txt")
    assert all("damaged-text" in one["flags"] for one in found)
    assert found[1]["headline"] == f"青峦柚子首次出口欧洲海关上门{HOLE * 2}助果农增收"
    assert found[2]["weather"]["sky"] == f"多{HOLE}转晴"
    assert [one["name"] for one in found[0]["bylines"]] == [f"沈{HOLE}舟", "柳映月"]
    assert "cid" not in json.dumps(found)


def test_bullets_without_a_code_are_dropped_and_told(broadsheet: Run) -> None:
    """A private-use bullet is no part of the headline; the article is flagged, and the others are not."""
    found = articles(broadsheet, CASES / "05-private-use" / "pua.txt")
    assert found[0]["headline"] == "青峦轴承厂新车间投产首批精密轴承下线"
    assert [one["name"].rstrip(HOLE) for one in found[0]["bylines"]] == ["沈柏", "柳映月"]
    assert all(one["name"] != "沈柏" for one in found[0]["bylines"])
    assert ["damaged-text" in one["flags"] for one in found] == [True, True, False]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("21-unreadable-pages/all_cid.txt", "100% of its characters are glyph codes"),
        ("21-unreadable-pages/all_fffd.txt", "100% of its characters are replacement characters"),
        ("21-unreadable-pages/all_pua.txt", "100% of its characters are private-use characters"),
        ("21-unreadable-pages/mojibake.txt", "of its characters are mojibake"),
        ("30-encodings/utf8bad.txt", "as utf-8, the byte at offset 941"),
        ("30-encodings/utf8trunc.txt", "as utf-8, the byte at offset 1125"),
        ("30-encodings/gbkbad.txt", "as gb18030, the byte at offset 299"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_kind_and_the_place(broadsheet: Run, name: str, reason: str) -> None:
    """A page without readable text makes no stories, and a bad byte is named."""
    assert reason in refusal(broadsheet, CASES / name)


@pytest.mark.parametrize(("name", "encoding"), [("utf8bad", "utf-8"), ("utf8trunc", "utf-8"), ("gbkbad", "gb18030")])
def test_a_page_with_a_bad_byte_can_be_sent_all_the_same(broadsheet: Run, name: str, encoding: str) -> None:
    """The remedy that the refusal names works, and the damage shows."""
    page = CASES / "30-encodings" / f"{name}.txt"
    result = broadsheet("preview", page, *ISSUE, "--encoding", f"{encoding}-replace", "--json")
    assert result.exit_code == 0, result.output
    assert any("damaged-text" in one["flags"] for one in json.loads(result.stdout)[0]["articles"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("<!DOCTYPE html><html><body><p>本报讯</p></body></html>", "HTML"),
        ("<div><p>本报讯</p><p>渔港开渔</p></div>", "HTML"),
        ("<?xml version='1.0'?><page><line>本报讯</line></page>", "XML"),
        ("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>", "a PDF's bytes"),
    ],
)
def test_what_is_no_text_of_a_page_is_named(broadsheet: Run, text: str, kind: str) -> None:
    """Markup and files of other kinds make no stories."""
    result = broadsheet("preview", *ISSUE, given=text.encode())
    assert result.exit_code == 1
    assert kind in result.output


def test_columns_read_across_are_told(broadsheet: Run) -> None:
    """Lines of two stories side by side, as `pdftotext -layout` gives them, are flagged."""
    lines = [line for line in BASE.split("\n") if len(line) > 12]
    left, right = lines[: len(lines) // 2], lines[len(lines) // 2 :]
    page = "\n".join(f"{one}      {other}" for one, other in zip(left, right, strict=False))
    assert all("interleaved-columns" in one["flags"] for one in articles(broadsheet, page))


def test_pages_of_two_sections_are_two_pages(broadsheet: Run) -> None:
    """A01 and B01 of one day stand beside each other in one issue."""
    result = broadsheet("preview", CASES / "18-section-pages", "--json")
    assert result.exit_code == 0, result.output
    (issue,) = json.loads(result.stdout)
    assert issue["issue"]["pages"] == ["A1", "B1"]
    assert {page for one in issue["articles"] for page in one["pages"]} == {"A1", "B1"}


def test_a_suffix_in_capitals_is_taken(broadsheet: Run) -> None:
    """Page 2 comes as .TXT."""
    result = broadsheet("preview", CASES / "19-uppercase-suffix", "--json")
    assert json.loads(result.stdout)[0]["issue"]["pages"] == [1, 2]


@pytest.mark.parametrize(
    ("name", "headline", "ends"),
    [
        ("weekday", "青河村办起丰收晚会", "校长作了讲话。"),
        ("phone", "青河村办起丰收晚会", "记者随即前往核实。"),
        ("price", "青河村办起丰收晚会", "国内统一刊号的牌子挂在墙上。"),
        ("headprofit", "企业效益分析", "台下掌声不断。"),
        ("headsched", "会议日程公布", "台下掌声不断。"),
    ],
)
def test_one_brief_alone_on_a_page_keeps_its_lines(broadsheet: Run, name: str, headline: str, ends: str) -> None:
    """A line with a date, a telephone number or a price is its text, and the line over or under it its headline."""
    (one,) = articles(broadsheet, CASES / "31-short-single-page" / f"{name}.txt")
    assert one["headline"] == headline
    assert set(one["flags"]) <= {"low-confidence"}  # the confidence was learnt from whole pages
    assert [byline["name"] for byline in one["bylines"]] == ["沈柏舟"]
    assert one["body"][-1]["text"].endswith(ends)


@pytest.mark.parametrize(
    ("name", "issue", "page"),
    [
        ("青峦午报2025年9月3日第01版.txt", "青峦午报/2025-09-03", 1),
        ("20251013_青峦午报_01.txt", "青峦午报/2025-10-13", 1),
        ("青峦午报_2025-10-14_T3.txt", "青峦午报/2025-10-14", "T3"),
        ("2025-10-14-B02-青峦午报.TXT", "青峦午报/2025-10-14", "B2"),
        ("青峦午报2025年9月3日A叠01版.txt", "青峦午报/2025-09-03", "A1"),
    ],
)
def test_names_as_newsrooms_write_them_are_read(
    broadsheet: Run, tmp_path: Path, name: str, issue: str, page: int | str
) -> None:
    """Dates with and without zeros, the paper before or behind the date, pages with sections."""
    (tmp_path / name).write_text(BASE, encoding="utf-8")
    found = json.loads(broadsheet("preview", tmp_path, "--json").stdout)[0]["issue"]
    assert (found["issue_id"], found["pages"]) == (issue, [page])


def test_a_name_that_says_too_little_says_which_part_and_how_to_say_it(broadsheet: Run, tmp_path: Path) -> None:
    """Options are named where the command line is used, never record headers."""
    (tmp_path / "青峦午报_01.txt").write_text(BASE, encoding="utf-8")
    output = " ".join(broadsheet("publish", tmp_path / "青峦午报_01.txt").output.split())
    assert "paper and date not known; known: page 1. Give --paper NAME --date YYYY-MM-DD" in output
    assert "header" not in output


def test_files_that_hold_no_pages_are_named_and_counted(broadsheet: Run, tmp_path: Path) -> None:
    """A PDF and a Word file in the folder are left out aloud."""
    for name in ("a.pdf", "b.docx", "青峦午报_01.txt"):
        (tmp_path / name).write_text(BASE, encoding="utf-8")
    result = broadsheet("publish", tmp_path)
    assert "a.pdf: left out" in result.output
    assert "b.docx: left out" in result.output
    assert "accepted 0, refused 1, left out 2" in result.output


WEATHER = [line.split("\t") for line in (CASES / "13-weather-values" / "lines.txt").read_text("utf-8").splitlines()]


@pytest.mark.parametrize(("printed", "low", "high"), WEATHER, ids=[line[0] for line in WEATHER])
def test_a_weather_line_gives_its_low_and_high(broadsheet: Run, printed: str, low: str, high: str) -> None:
    """The line replaces the weather line of the base page, as papers print temperatures."""
    page = BASE.rstrip("\n").rsplit("\n", 1)[0] + f"\n{printed}\n"
    (weather,) = (one["weather"] for one in articles(broadsheet, page) if one["kind"] == "weather")
    assert (int(weather["low_celsius"]), int(weather["high_celsius"])) == (int(low), int(high.split(maxsplit=1)[0]))


@pytest.mark.parametrize(
    ("name", "reporters", "credited", "person"),
    [
        ("b_rare.txt", {"沈𬭚", "柳䶮"}, set(), "李长风"),
        ("b_zero.txt", {"章〇一", "柳㛃"}, set(), "李长风"),
        ("rare_tail.txt", {"韦𬭚", "黄䶮"}, {"黄䶮"}, "李㛃"),
    ],
)
def test_names_of_rare_characters_are_read(
    broadsheet: Run, name: str, reporters: set[str], credited: set[str], person: str
) -> None:
    """Bylines, credits and people, in whatever Han block a character is."""
    found = articles(broadsheet, CASES / "15-rare-name-characters" / name)
    assert reporters <= {byline["name"] for article in found for byline in article["bylines"]}
    assert credited <= {caption["credit"] for article in found for caption in article["captions"]}
    assert person in {one["name"] if isinstance(one, dict) else one for article in found for one in article["people"]}


def test_a_growth_of_less_than_nothing_is_a_fall(broadsheet: Run) -> None:
    """同比增长-2.3% (a growth of -2.3 %) is a fall, or a negative value."""
    found = articles(broadsheet, CASES / "32-negative-figure" / "neg.txt")
    (figure,) = (one for article in found for one in article["figures"] if abs(one["value"]) == 2.3)
    assert figure["value"] == -2.3 or figure["change"] == "fall"
