"""Separates captions from the credit printed after, before or below them."""

from __future__ import annotations

import re

from services.segment.formulas.bylines import is_source
from services.text.names import DOTS, LATIN
from services.text.names import HAN_CHARACTER as HAN
from services.text.patterns import when_used

_ONE = f"(?:{HAN}{{2,8}}(?:[{DOTS}]{HAN}{{1,8}})+|{LATIN}|{HAN}{{2,4}}|{HAN}[ \u3000]{{1,2}}{HAN})"
_NAME = f"{_ONE}(?:[、， \u3000]+{_ONE})*"
_PUBLISHER = f"(?:{HAN}{{0,8}}?(?:本报|[报社台网刊]|融?媒体?中心|传媒中心|融媒))"
_WHO = f"{_PUBLISHER}?(?:特约|实习|见习|首席|摄影|全媒体|融媒体|融媒|视觉)*(?:记者|通讯员)?[ \u3000:：/／|｜]*"
_SET_APART = when_used(f"(?<=^{HAN})[ \u3000]+(?={HAN}$)")
_LAST_WORDS = ("摄", "影", "报道", "图")
"""What a caption ends in, before closing brackets, if its credit has the photographer first and then the mark."""
_BARE = when_used(f"^[（(]?{_WHO}({_NAME})[ \u3000]*[/／]?[ \u3000]*(?:摄影报道|摄影|拍摄|摄|供图)[)）]*$")
_NAMES_FIRST = (
    _BARE,
    when_used(
        f"(?<!{HAN})[（(]?(?:(?:新华社发|中新社发|本报讯|图片)[（( \u3000]*)?{_WHO}({_NAME})[ \u3000]*[/／]?[ \u3000]*"
        f"(?:摄影报道|摄影|拍摄|摄|供图|制图|(?<=[/／])图)[)）]*$"
    ),
    when_used(f"(?<=[。！？”’）. \u3000]){_WHO}({_NAME})[ \u3000]*[/／]?(?:摄影报道|摄影|拍摄|摄|供图|制图)[)）]*$"),
)
_FIRST_WORDS = "(?:图片|图|摄影|照片|供图|摄)[ \u3000]*[/／:：|｜丨]"
_MARK_FIRST = when_used(f"[（(]?{_FIRST_WORDS}[ \u3000]*{_WHO}({_NAME})[)）]*$")
_MAY_HAVE_MARK = re.compile(_FIRST_WORDS)
_APART = re.compile("[、， \u3000]+")
_MARK = re.compile("^[▲▼△▽◀►▶↑↓←→]+[ \u3000]*")


def split_credit(text: str) -> tuple[str, str | None]:
    """Return the text of a caption and its photographer: …建成试车。本报记者丘立贺摄 → (…建成试车。, 丘立贺).

    A source that is not a person (受访者供图, 资料图) is not a photographer. The caption then stays as printed, but
    loses an arrow before it.
    """
    text = _MARK.sub("", text.strip())
    endings = _NAMES_FIRST if text.rstrip(")）").endswith(_LAST_WORDS) else ()
    for ending in (*endings, _MARK_FIRST) if _MAY_HAVE_MARK.search(text) else endings:
        match = ending().search(text)
        if match and not any(is_source(name) for name in _APART.split(match.group(1).strip())):
            return text[: match.start()].rstrip(" \u3000（("), _SET_APART().sub("", match.group(1).strip())
    return text, None
