"""Who wrote it: bylines and the credits inside leads and tails, split into people."""

from __future__ import annotations

import re
from dataclasses import replace

from services.segment.article import Byline
from services.segment.formulas.person_names import NAME, PLACES, WITHIN, is_surnamed, split_names
from services.segment.page.rows import normalise, squeeze

LONGEST = 400  # characters of a byline; what is longer is something else
LONGEST_RUN = 6  # characters of names run together in a signature; more is a remark
LEAD = 120  # characters at either end of a story that may credit people

# What a credit calls people, in front of their names, and as what the people are known then.
_CALLED = {
    "记者": "记者",
    "通讯员": "通讯员",
    "特派员": "特派员",
    "评论员": "评论员",
    "撰稿人": "撰稿",
    "实习生": "实习生",
    "撰稿": "撰稿",
    "作者": "作者",
    "摄影": "摄影",
    "图片": "摄影",
    "供图": "摄影",
    "图": "摄影",
    "文": "作者",
    "责任编辑": "编辑",
    "责编": "编辑",
    "编辑": "编辑",
    "编译": "翻译",
    "翻译": "翻译",
    "撰文": "作者",
    "采写": "作者",
    "文字": "作者",
    "整理": "整理",
    "策划": "策划",
    "统筹": "统筹",
    "执行": "执行",
    "口述": "口述",
}
_HAN = "[\u4e00-\u9fff]"
_PUBLISHER = f"(?:新华社|中新社|本[报台网刊社]|(?<!{_HAN}){_HAN}{{1,6}}[报社台网刊])"
_RANK = (
    "特约|特派|首席|见习|实习|全媒体|融媒体|全媒|融媒|高级|资深|主任|专职|前方|摄影|文字|视频|体育|财经|时政"
    f"|驻{_HAN}{{2,4}}?"
)
_CALLS = "|".join(word if len(word) > 1 else f"{word}(?=[:：])" for word in sorted(_CALLED, key=len, reverse=True))
_ROLE = re.compile(f"{_PUBLISHER}?(?:{_RANK}){{0,3}}({_CALLS})[/:：|｜]?")
# What a credit says of people behind or before their names: the words and the pictures are theirs.
_WORDS = frozenset(
    ("文", "撰文", "采写", "报道", "报导", "综合报道", "综合", "译", "编译", "整理", "撰", "著", "口述", "文字")
)
_PICTURES = frozenset(("图", "摄", "摄影", "供图", "制图", "绘图", "绘", "插图", "漫画", "图片"))
_BOTH = frozenset(("文图", "图文", "文并图", "摄影报道", "摄影报导", "文摄", "文摄影", "报道摄影", "图片报道"))
_MARKS = _WORDS | _PICTURES | _BOTH
_BOTH_APART = re.compile(
    "(文|图|撰文)[ 　]*[/／、&和及][ 　]*(图片|图|摄影|摄|文)(?![:：]|[ 　]*[/／][\u4e00-\u9fff]{2})"
)
_GLUED_MARK = re.compile("(?:综合|摄影|图文)?(?:报道|报导)$|(?:摄影|供图|[摄译])$")
_SPLITTERS = re.compile(
    r"[\s\u3000\xa0、，,；;/／|｜&：:。（）()\[\]［］【】〔〕〖〗《》<>＜＞■□●○◎◆◇▲△▼★☆▶►*※—─－-]+|[.．]$"
)
_APART = re.compile("(文|图|撰文)[ 　]*[/／、&和及][ 　]*(图片|图|摄影|摄|文)(?![:：]|[ 　]*[/／][\u4e00-\u9fff]{2})")
_GLUED_MARK = re.compile("(?:综合|摄影|图文)?(?:报道|报导)$|(?:摄影|供图|[摄译])$")
_SPLITTERS = re.compile(
    r"[\s\u3000\xa0、，,；;/／|｜&：:。（）()\[\]［］【】〔〕〖〗《》<>＜＞■□●○◎◆◇▲△▼★☆▶►*※—─－-]+|[.．]$"
)
_APART = re.compile(f"(?<!{_HAN}){_HAN}(?:[ \u3000\xa0]+{_HAN})+(?!{_HAN})")
_FROM = re.compile(f"发自{_HAN}+")
_ABOUT = re.compile("作者 ?(?:单位|系|为|是|简介|地址|电话)")
_OPEN, _CLOSE, _INSIDE = "[（(\\[［【〔]", "[)）\\]］】〕]", "[^（）()\\[\\]［］【】〔〕]"
_CREDITED = "(?:记者|通讯员|特派员|实习生)"
_LEAD = re.compile(f"{_OPEN}({_INSIDE}{{0,40}}?(?:记者|通讯员|特派员){_INSIDE}{{0,60}}){_CLOSE}")
_NAMES = f"(?:(?!从|报道|报导){_HAN}|[、 \u3000{WITHIN}])"
_REPORT = re.compile(
    f"(?:讯|电|消息|^)[】\\]〕]?[：:]?[ \u3000]*(?:据)?({_HAN}{{0,8}}{_CREDITED}{_NAMES}{{2,40}}?)"
    "(?=报道|报导|从|获悉|摄影|发自)"
)
_WHEN = re.compile("(?:今[天日晨晚]|昨[天日晨晚]|日前|近日|独家|专电|综合|摄影)+$")
_SIGNED = re.compile(f"{_OPEN}({_INSIDE}{{2,100}}){_CLOSE}。?$")
_SIGNED_OPENLY = re.compile(
    f"[。！？…”』」）)][ \u3000]*[□■●—]*({_PUBLISHER}?(?:{_RANK}){{0,3}}{_CREDITED}"
    f"(?:{_HAN}|[、， \u3000{WITHIN}]){{2,24}})(?<![摄图影])$"
)
_MAY_CREDIT = re.compile("记者|記者|通讯员|通訊員|特派")
_MAY_SIGN = re.compile(f"{_CLOSE}。?$")
_OFFICES = frozenset(
    (
        "本报",
        "评论员",
        "编者",
        "本报讯",
        "新华社",
        "报道",
        "编辑部",
        "综合",
        "整理",
        "本刊",
        "本台",
        "特约",
        "见习",
        "实习",
        "文图",
        "调查",
        "探访",
        "亲历",
        "观察",
        "手记",
        "札记",
        "述评",
        "采访",
        "专访",
        "体验",
        "来信",
    )
)
_NOT_NAMES = (
    "据",
    "完",
    "新华",
    "图",
    "待续",
    "未完",
    "编者",
    "略",
    "下转",
    "上接",
    "摘",
    "原载",
    "本报",
    "来源",
    "题",
    "转",
    "连载",
    "之",
    "相关",
    "详见",
    "参与",
)


def _simplified(text: str) -> str:
    """The text in simplified script, each character in its place; as it is where the script changes its length."""
    plain = normalise([text])[0]
    if len(plain) != len(squeeze(text)):
        return text
    letters = iter(plain)
    return "".join(c if not squeeze(c) else next(letters) for c in text)


def _tokens(text: str, first: int, last: int) -> list[tuple[int, int]]:
    """What stands between separators in `text[first:last]`, as positions; glued marks behind names are cut off."""
    found = []
    at = first
    for split in [*_SPLITTERS.finditer(text, first, last), None]:
        end = split.start() if split else last
        if end > at:
            token = text[at:end]
            mark = None if token in _MARKS else _GLUED_MARK.search(token)
            if mark and mark.start() > 1:
                found += [(at, at + mark.start()), (at + mark.start(), end)]
            else:
                found.append((at, end))
        at = split.end() if split else last
    return found


def _people(plain: str, printed: str, span: tuple[int, int], role: str | None) -> list[Byline]:
    """People named in a stretch of a credit, as printed; `role` is what the credit calls them, if anything."""
    tokens = _tokens(plain, *span)
    leading = bool(tokens) and plain[slice(*tokens[0])] in _MARKS
    people: list[Byline] = []
    called, unmarked = role or "作者", 0
    for first, last in tokens:
        token = plain[first:last]
        if token in _MARKS:
            marked = "摄影" if token in _PICTURES and role is None else role or "作者"
            if leading:
                called = marked
            else:
                people[unmarked:] = [replace(p, role=marked) for p in people[unmarked:]]
                unmarked = len(people)
            continue
        at = first
        for name in split_names(token):
            if NAME.match(name) and name not in _OFFICES:
                people.append(Byline(printed[at : at + len(name)], called))
            at += len(name)
    if role is None and len(people) > 1:
        people = [p for p in people if p.name not in PLACES] or people
    return list(dict.fromkeys(people))


def parse_byline(text: str) -> tuple[Byline, ...]:
    """People named by a byline: 本报记者 余庆林 通讯员 邱佳杰 → 余庆林 记者, 邱佳杰 通讯员; bare names are 作者.

    Reads what stands before names (撰文/…, 图：…) and behind them (…/文, …摄), names set apart (余 林) or run together,
    and traditional script; names come back as printed.
    """
    text = _closed(text.strip(" \u3000")[:LONGEST])
    plain = _simplified(text)
    about = _ABOUT.search(plain)
    end = about.start() if about else len(plain)
    # 文/图 says that words and pictures are by the same people: one mark, not two.
    plain = _BOTH_APART.sub(lambda m: "文图".ljust(len(m.group())), plain[:end])
    plain = _FROM.sub(lambda m: " " * len(m.group()), plain)
    people: list[Byline] = []
    at, role = 0, None
    for match in _ROLE.finditer(plain):
        people += _people(plain, text, (at, match.start()), role)
        at, role = match.end(), _CALLED[match.group(1)]
    people += _people(plain, text, (at, end), role)
    return tuple(dict.fromkeys(people))


def _closed(text: str) -> str:
    """Names of two characters set with a space inside (余 林) closed up, between words that are not one character."""
    glued = _ROLE.sub(lambda m: f" {m.group()} ", text)
    return _APART.sub(lambda m: re.sub("[ \u3000\xa0]", "", m.group()), glued)


def people_in_text(first: str, last: str) -> tuple[Byline, ...]:
    """People credited inside a story: in its lead, 本报讯（记者 …） or 记者…报道, and in a tail in brackets.

    Args:
        first: the first paragraph.
        last: the last paragraph.
    """
    people: list[Byline] = []
    head = first[:LEAD]
    plain = _simplified(head) if _MAY_CREDIT.search(head) else ""
    for match in _LEAD.finditer(plain):
        people += _called(head[slice(*match.span(1))])
    if not people:
        report = _REPORT.search(plain)
        if report:
            first_named, last_named = report.span(1)
            last_named -= len(m.group()) if (m := _WHEN.search(report.group(1))) else 0
            people += _called(head[first_named:last_named])
    tail = last.rstrip(" \u3000")[-LEAD:]
    plain = _simplified(tail) if _MAY_SIGN.search(tail) or _MAY_CREDIT.search(tail) else ""
    if signed := _SIGNED.search(plain):
        inside = tail[slice(*signed.span(1))]
        called = _called(inside)
        people += called or _signature(inside, signed.group(1))
    elif openly := _SIGNED_OPENLY.search(plain):
        people += _called(tail[slice(*openly.span(1))])
    return tuple(dict.fromkeys(people))


def _called(text: str) -> list[Byline]:
    """The people of a credit whom it calls something: 记者, 通讯员, ..."""
    return [p for p in parse_byline(text) if p.role != "作者"]


def _signature(inside: str, plain: str) -> list[Byline]:
    """Bare names in brackets at the end of a story; none where it is a source or a remark."""
    if plain.startswith(_NOT_NAMES) or _ABOUT.search(plain) or "《" in plain:
        return []
    tokens = [plain[a:b] for a, b in _tokens(plain, 0, len(plain)) if plain[a:b] not in _MARKS]
    if any(len(t) > LONGEST_RUN and not set(t) & set(WITHIN) for t in tokens):
        return []
    names = [n for t in tokens for n in split_names(t)]
    known = sum(is_surnamed(n) for n in names)
    if not names or known * 2 < len(names) or not all(NAME.match(n) for n in names):
        return []
    return list(parse_byline(inside))
