"""Splits a byline into people with their roles."""

from __future__ import annotations

import re
from dataclasses import replace

from services.segment.article import Byline
from services.segment.formulas.byline_words import (
    CALLED,
    MARKS,
    OFFICES,
    PICTURES,
    ROLE,
    SOURCE_BEGINNINGS,
    SOURCE_ENDS,
    TURNS,
)
from services.segment.formulas.person_names import PLACES, is_surnamed, split_names
from services.segment.page.rows import normalise, squeeze
from services.text.names import HAN_CHARACTER as HAN
from services.text.names import LATIN_NAME, is_name

LONGEST = 400  # most characters of a byline; a longer text is something else
_BLANKS = " \u3000\xa0"
_ROLE = re.compile(ROLE)
_BOTH_APART = re.compile(
    f"(文|图|撰文|采写)[{_BLANKS}]*[/／、&和及+][{_BLANKS}]*(图片|图|摄影|摄|文)(?![:：]|[{_BLANKS}]*[/／]{HAN}{{2}})"
)
_GLUED_MARK = re.compile("(?:综合|摄影|图文)?(?:报道|报导)$|(?:采写|撰文|整理|编译|供图|制图|拍摄|摄影|文/图|[摄译])$")
_SPLITTERS = re.compile(
    rf"[\s\u3000\xa0、，,；;&。（）()\[\]［］【】〔〕〖〗《》<>＜＞■□●○◎◆◇▲△▼★☆▶►*※—─－+＋{TURNS}-]+|[.．]$"
)
_APART = re.compile(f"(?<!{HAN}){HAN}(?:[{_BLANKS}]+{HAN})+(?!{HAN})")
_FROM = re.compile(f"发自{HAN}+")
_CONTACT = re.compile(
    r"[\w.+-]+@[\w.-]+|https?://\S+|\d{5,}"
    r"|(?:电子)?(?:邮箱|邮件|电邮|电话|热线|微信号?|QQ|[Ee]-?mail)[:：]? ?[A-Za-z0-9@._+-]+"
)
_SOURCE = re.compile(f"[^\\w]*(?:(?:图片|消息|稿件)?来源|据|综合(?={HAN})|摘自|转自|原载|转载|选自|编自)")
_ABOUT = re.compile("作者 ?(?:单位|系|为|是|简介|地址|电话)")
_ABOUT_NAMED = re.compile(
    f"((?:本文)?作者[:：]? ?(?!为|系|是|单位|简介|地址|电话){HAN}{{2,4}}?)[，, ]?(?:系|为|是|单位|简介).*"
)


def simplified(text: str) -> str:
    """Return the text in simplified script with every character in its place.

    If the conversion would change the length of the text, the text stays unchanged.
    """
    plain = normalise([text])[0]
    if len(plain) != len(squeeze(text)):
        return text
    letters = iter(plain)
    return "".join(c if not squeeze(c) else next(letters) for c in text)


def tokens(text: str, first: int, last: int) -> list[tuple[int, int]]:
    """Return the tokens between separators in `text[first:last]`, as positions.

    A mark glued to the end of a name becomes a separate token. A Latin name is a single token, with its blanks.
    """
    found: list[tuple[int, int]] = []
    at = first
    for latin in LATIN_NAME.finditer(text, first, last):
        found += [*_split(text, at, latin.start()), latin.span()]
        at = latin.end()
    return found + _split(text, at, last)


def _split(text: str, first: int, last: int) -> list[tuple[int, int]]:
    found = []
    at = first
    for split in [*_SPLITTERS.finditer(text, first, last), None]:
        end = split.start() if split else last
        if end > at:
            token = text[at:end]
            mark = None if token in MARKS else _GLUED_MARK.search(token)
            if mark and mark.start() > 1:
                found += [(at, at + mark.start()), (at + mark.start(), end)]
            else:
                found.append((at, end))
        at = split.end() if split else last
    return found


def is_source(token: str) -> bool:
    """Return whether a token names an office or a source: 据新华社, 青峦市气象局. 张国网 is a person."""
    if token in OFFICES or token.startswith(SOURCE_BEGINNINGS):
        return True
    return token.endswith(SOURCE_ENDS) and len(token) > 2 and not (len(token) == 3 and is_surnamed(token))  # noqa: PLR2004


def _people(plain: str, printed: str, span: tuple[int, int], role: str | None) -> list[Byline]:
    """Return the people named in a stretch of a credit, as printed. `role` is the role the credit gives, if any."""
    if role is None and _SOURCE.match(plain, *span):
        return []
    parts = tokens(plain, *span)
    leading = bool(parts) and plain[slice(*parts[0])] in MARKS
    people: list[Byline] = []
    called, unmarked = role or "作者", 0
    for first, last in parts:
        token = plain[first:last]
        if token in MARKS:
            marked = "摄影" if token in PICTURES and role is None else role or "作者"
            if leading:
                called = marked
            else:
                people[unmarked:] = [replace(p, role=marked) for p in people[unmarked:]]
                unmarked = len(people)
            continue
        if is_source(token):
            continue
        at = first
        for name in split_names(token):
            if is_name(name) and name not in OFFICES:
                people.append(Byline(printed[at : at + len(name)], called))
            at += len(name)
    if role is None and len(people) > 1:
        people = [p for p in people if p.name not in PLACES] or people
    return list(dict.fromkeys(people))


def parse_byline(text: str) -> tuple[Byline, ...]:
    """Return the people that a byline names: 本报记者 余庆林 通讯员 邱佳杰 → 余庆林 记者, 邱佳杰 通讯员.

    Bare names get the role 作者. The function reads marks before names (撰文/…, 图：…) and after them (…/文, …摄). It
    also reads names with a space inside (余 林), names run together, Latin names, and traditional script. It returns
    names as printed. Sources (据新华社) and addresses are not people.
    """
    text = _closed(text.strip(" \u3000")[:LONGEST])
    text = _CONTACT.sub(lambda m: " " * len(m.group()), text)
    plain = simplified(text)
    if named := _ABOUT_NAMED.search(plain):
        plain = plain[: named.end(1)]
    about = _ABOUT.search(plain)
    end = about.start() if about else len(plain)
    # 文/图 means that the text and the pictures are by the same people, so it counts as a single mark.
    plain = _BOTH_APART.sub(lambda m: "文图".ljust(len(m.group())), plain[:end])
    plain = _FROM.sub(lambda m: " " * len(m.group()), plain)
    people: list[Byline] = []
    at, role = 0, None
    for match in _ROLE.finditer(plain):
        people += _people(plain, text, (at, match.start()), role)
        at, role = match.end(), CALLED[match.group(1)]
    people += _people(plain, text, (at, len(plain)), role)
    return tuple(dict.fromkeys(people))


def _closed(text: str) -> str:
    """Remove the space inside names of two characters (余 林), between words that are longer than a character."""
    glued = _ROLE.sub(lambda m: f" {m.group()} ", text)
    return _APART.sub(lambda m: re.sub(f"[{_BLANKS}]", "", m.group()), glued)
