"""Decode bytes to text: find the encoding, unify the line ends, and reject bytes that are not text."""

from __future__ import annotations

import re
from typing import Literal

from services.runtime.errors import Rejected
from services.text.legibility import commonness

Encoding = Literal["utf-8", "gb18030", "big5"]

ALIASES: dict[str, Encoding] = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "big5": "big5",
    "big5-hkscs": "big5",
    "cp950": "big5",
}

BOM = b"\xef\xbb\xbf"
UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")

ANYWAY = "-replace"
"""Suffix of an encoding's name: accept bytes that do not fit the encoding."""
CLEARLY = 0.2
"""How far the share of frequent characters must rise under another encoding.

If it rises by more, the page is a damaged page in that encoding.
"""
LEAST_LIKELY = 0.3
"""Smallest share of frequent characters for a damaged page.

Bytes that fit no encoding are a damaged page if their share reaches this; below it they are not text.
"""

FILES = (
    (b"%PDF-", "a PDF's bytes"),
    (b"PK\x03\x04", "a ZIP or Office file (.docx, .xlsx, .epub)"),
    (b"\xd0\xcf\x11\xe0", "an old Office file (.doc, .xls)"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"\x1f\x8b", "compressed data (gzip)"),
)

LINE_ENDS = re.compile("\r\n|[\r\x0b\x85\u2028\u2029]")
"""Line ends other than a line feed (Unicode Standard Annex 14: CR, CR LF, VT, NEL, LS, PS)."""
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
JUNK_SHARE = 0.05
"""Above this share of control characters, the value is not damaged text but something else."""


def decode_page(value: bytes, declared: str | None = None) -> tuple[str, Encoding]:
    """Return the text in `value` and its encoding.

    Args:
        value: a page as published.
        declared: the encoding that the sender names, if any. If it ends in `ANYWAY`, bytes that do not fit become
            U+FFFD.

    Raises:
        Rejected: the value is not text in UTF-8, GB18030 or Big5. The text names the wrong byte and says how to send
            the value anyway.
    """
    for mark, kind in FILES:
        if value.startswith(mark):
            raise Rejected(f"not text but {kind}; extract the text, and send that")
    if value.startswith(UTF16_BOMS):
        raise Rejected("the value begins with a UTF-16 byte order mark; send it as UTF-8, GB18030 or Big5")
    if declared is not None:
        return _declared(value, declared.strip().lower())
    skipped = len(BOM) if value.startswith(BOM) else 0
    text = _strictly(value[skipped:], "utf-8")
    if text is not None:
        return clean_text(text), "utf-8"
    guesses: tuple[Encoding, ...] = ("gb18030", "big5")
    strict = [(commonness(text), guess) for guess in guesses if (text := _strictly(value, guess)) is not None]
    loose = [(commonness(value.decode(_codec(guess), "replace")), guess) for guess in ("utf-8", *guesses)]
    # Of equal candidates max() keeps the first: UTF-8, then GB18030.
    likely, nearest = max(loose, key=lambda candidate: candidate[0])
    if strict:
        found, guessed = max(strict, key=lambda candidate: candidate[0])
        if found >= likely - CLEARLY:
            return clean_text(_strictly(value, guessed) or ""), guessed
    if likely < LEAST_LIKELY:
        raise Rejected("the value is not text in UTF-8, GB18030 or Big5; convert it, or name its encoding")
    raise Rejected(f"the value is not text in UTF-8, GB18030 or Big5; {_where(value, nearest)}")


def _declared(value: bytes, declared: str) -> tuple[str, Encoding]:
    name, anyway = declared.removesuffix(ANYWAY), declared.endswith(ANYWAY)
    encoding = ALIASES.get(name)
    if encoding is None:
        raise Rejected(f"encoding: {declared!r} is not known; use utf-8, gb18030 or big5")
    skipped = len(BOM) if value.startswith(BOM) else 0
    text = value[skipped:].decode(_codec(encoding), "replace") if anyway else _strictly(value[skipped:], encoding)
    if text is None:
        raise Rejected(f"encoding: the value is not {encoding}: {_where(value, encoding)}; or name another encoding")
    return clean_text(text), encoding


def _where(value: bytes, encoding: Encoding) -> str:
    """Return which byte is wrong and how to send the value anyway."""
    try:
        value.decode(_codec(encoding))
    except UnicodeDecodeError as error:
        line = value.count(b"\n", 0, error.start) + 1
        return (
            f"as {encoding}, the byte at offset {error.start} (0x{value[error.start]:02X}, line {line}) is wrong. "
            f"Correct it; or send it all the same with encoding {encoding}{ANYWAY}: what cannot be read becomes U+FFFD "
            "and is flagged damaged-text"
        )
    raise AssertionError(encoding)


def clean_text(text: str) -> str:
    """Return `text` with line feeds as its only line ends and without a byte order mark or control characters.

    Tabs and form feeds stay: extractors write them where columns and pages end.

    Raises:
        Rejected: the value has too many control characters to be text.
    """
    text = LINE_ENDS.sub("\n", text.removeprefix("\ufeff"))
    controls = len(CONTROLS.findall(text))
    if controls > len(text) * JUNK_SHARE:
        raise Rejected(f"binary: {controls} of {len(text)} characters are control characters; send the page's text")
    return CONTROLS.sub("", text) if controls else text


def _codec(encoding: Encoding) -> str:
    return "big5hkscs" if encoding == "big5" else encoding


def _strictly(value: bytes, encoding: Encoding) -> str | None:
    try:
        return value.decode(_codec(encoding))
    except UnicodeDecodeError:
        return None
