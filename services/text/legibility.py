"""Find pages that cannot be read: an extractor lost their characters, or they are not a page's text at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from services.text.glyphs import HOLE, INVISIBLES, PRIVATE, SURROGATES

MOST_UNREAD: Final = 0.5
"""Largest share of unreadable characters. Above it, too little of the page is left to segment."""
MOST_FOREIGN: Final = 0.3
"""Above this share of accented Latin letters and half-width katakana, a page is mojibake.

Chinese pages have none of these characters.
"""
LEAST_COMMON: Final = 0.1
"""Below this share of frequent characters among a page's Chinese characters, the page is mojibake.

The 120 pages of the benchmark have at least 0.66. A page in UTF-8, GB18030 or Big5 that is decoded as another of the
three has at most 0.05.
"""
LEAST_CHINESE: Final = 40
"""Fewest Chinese characters for which their frequency is meaningful.

There must be at least half as many different characters.
"""
LEAST_MARKUP: Final = 0.1
"""Smallest share of tags in a text that is markup."""
LEAST_TAGS: Final = 3

COMMON: Final = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
    "进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
    "這國時來們會發動為說產過後學對經進電實兩機當點從業應開還無員與關見長級統計將組門東華車讓體報務種義黨區導總環設計製術單議書連備團劃選標寫廠縣參聽該鐵價嚴萬"
)
"""Frequent characters of newspaper prose, simplified and traditional. Mojibake has few of them."""

_CODE: Final = re.compile(r"\(\s*cid\s*:\s*\d+\s*\)", re.IGNORECASE)
_CODED: Final = "\ufdd0"
"""Replaces a glyph code while characters are counted. It never occurs in a text."""
_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_FOREIGN: Final = re.compile(
    "[\u00a1-\u00a6\u00a8-\u00af\u00b4-\u00b6\u00b8-\u00d6\u00d8-\u00f6\u00f8-\u024f\uff65-\uff9f]"
)
_TAG: Final = re.compile(r"<[!?/]?[A-Za-z][^<>]{0,400}>")
_HTML: Final = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_XML: Final = re.compile(r"\s*<\?xml\b", re.IGNORECASE)
_KINDS_OF_FILE: Final = (("%PDF-", "a PDF's bytes"), ("{\\rtf", "rich text (RTF)"), ("%!PS", "PostScript"))
_BYTES_LOST: Final = "\u951f\u65a4\u62f7"
"""U+FFFD, encoded in UTF-8 and decoded as GB18030."""

EXTRACT: Final = "extract its text with another tool, or run OCR, and send that"
DECODED: Final = "it was decoded with the wrong encoding before it was sent"
REMEDIES: Final = {
    "glyph codes such as (cid:12)": f"the PDF's font does not say which characters its glyphs are; {EXTRACT}",
    "private-use characters": f"the PDF's font has codes of its own for its glyphs; {EXTRACT}",
    "replacement characters (U+FFFD)": f"{DECODED}; send the bytes as they were",
    "mojibake": f"{DECODED}; send the bytes as they were, or convert back",
}


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a page cannot be read: the kind of damage, the share of its characters (0 to 1), and what to do."""

    kind: str
    share: float
    remedy: str

    def __str__(self) -> str:
        return f"unreadable: {self.share:.0%} of its characters are {self.kind}; {self.remedy}"


@dataclass(frozen=True, slots=True)
class NotAPage:
    """What kind of file a text is if it is not a page's text, and what to do."""

    kind: str
    remedy: str

    def __str__(self) -> str:
        return f"not the text of a page but {self.kind}; {self.remedy}"


def what_is_wrong(text: str) -> Unreadable | NotAPage | None:
    """Return why a page with this text cannot be segmented; None if it can."""
    return _other_than_text(text) or _unreadable(text)


def commonness(text: str) -> float:
    """Return the share of frequent characters among those outside ASCII: high in prose, low in mojibake."""
    wide = [character for character in text if character > "\x7f"]
    return sum(character in COMMON for character in wide) / len(wide) if wide else 0.0


def _other_than_text(text: str) -> NotAPage | None:
    start = text[:1024].lstrip("\ufeff\n\r\t ")
    for mark, kind in _KINDS_OF_FILE:
        if start.startswith(mark):
            return NotAPage(kind, "extract the text, and send that")
    is_html, is_xml = _HTML.match(text) is not None, _XML.match(text) is not None
    tags = _TAG.findall(text)
    marked_up = len(tags) >= LEAST_TAGS and sum(map(len, tags)) >= LEAST_MARKUP * len(text)
    if is_html or (marked_up and not is_xml):
        return NotAPage("HTML", "send the text between the tags, a line for each printed line")
    if is_xml:
        return NotAPage("XML", "send the text between the tags, a line for each printed line")
    return None


def _unreadable(text: str) -> Unreadable | None:
    bare = "".join(_CODE.sub(_CODED, INVISIBLES.sub("", text)).split())
    if not bare:
        return None
    counts = {
        "glyph codes such as (cid:12)": bare.count(_CODED),
        "private-use characters": len(re.findall(f"[{PRIVATE}]", bare)),
        "replacement characters (U+FFFD)": len(re.findall(f"[{HOLE}{SURROGATES}]", bare))
        + len(_BYTES_LOST) * bare.count(_BYTES_LOST),
    }
    kind = max(counts, key=lambda each: counts[each])
    lost = sum(counts.values()) / len(bare)
    if lost > MOST_UNREAD:
        return Unreadable(kind, lost, REMEDIES[kind])
    foreign = len(_FOREIGN.findall(bare)) / len(bare)
    chinese = _CHINESE.findall(bare)
    if len(chinese) >= LEAST_CHINESE and 2 * len(set(chinese)) >= LEAST_CHINESE:
        rare = 1 - sum(character in COMMON for character in chinese) / len(chinese)
        foreign = max(foreign, rare * len(chinese) / len(bare) if rare > 1 - LEAST_COMMON else 0.0)
    return Unreadable("mojibake", foreign, REMEDIES["mojibake"]) if foreign > MOST_FOREIGN else None
