"""Captions and the credit printed after, before or below them."""

from __future__ import annotations

import re

_NAME = "[\u4e00-\u9fff]{2,4}(?:[、 \u3000]+[\u4e00-\u9fff]{2,4})*"
_WHO = "(?:[\u4e00-\u9fff]{0,5}?(?:本报|报|社|台|网))?(?:特约|实习|见习)?(?:记者|通讯员)?[ \u3000:：]*"
_ENDINGS = (
    re.compile(
        f"[（(]?(?:新华社发|本报讯|图片)?[（(]?(?<![\u4e00-\u9fff]){_WHO}({_NAME})[ \u3000]*[/／]?[ \u3000]*"
        "(?:摄影报道|摄影|摄|供图|制图)[)）]*$"
    ),
    re.compile(f"(?<=[。！？”’）. \u3000]){_WHO}({_NAME})[ \u3000]*[/／]?(?:摄影报道|摄影|摄|供图|制图)[)）]*$"),
    re.compile(f"(?:图片|图|摄影|照片|供图)[/／:：][ \u3000]*{_WHO}({_NAME})$"),
)
_BARE = re.compile(f"^{_WHO}({_NAME})[ \u3000]*[/／]?[ \u3000]*(?:摄影报道|摄影|摄|供图)[)）]*$")
_MARK = re.compile("^[▲▼△▽◀►▶↑↓←→]+[ \u3000]*")


def split_credit(text: str) -> tuple[str, str | None]:
    """A caption's text and its photographer: …建成试车。本报记者丘立贺摄 → (…建成试车。, 丘立贺)."""
    text = _MARK.sub("", text.strip())
    bare = _BARE.match(text)
    if bare:
        return "", bare.group(1).strip()
    for ending in _ENDINGS:
        match = ending.search(text)
        if match:
            return text[: match.start()].rstrip(" \u3000（("), match.group(1).strip()
    return text, None
