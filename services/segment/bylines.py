"""Who wrote it: bylines and the credits inside leads and tails, split into people."""

from __future__ import annotations

import re
from functools import lru_cache

from services.segment.article import Byline

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞"
    "熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓"
    "郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫"
    "宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉"
    "宰郦雍璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳"
    "沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况郈有琴归海晋楚"
    "闫法汝鄢涂钦商牟佘佴伯赏墨哈谯笪年爱阳佟言福肖仝萨揭付覃植甯区岩苟但代战户仓覃税撒初官展兰原母亓由鹿迟栗矫刑咎"
)
COMPOUND = frozenset(
    (
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "夏侯",
        "端木",
        "轩辕",
        "宇文",
        "长孙",
        "南宫",
        "西门",
    )
)
_ROLE = "记者|通讯员|特派员|特约撰稿人|实习生|撰稿|作者|摄影|编辑|翻译"
_PUBLISHER = (
    "(?:(?:新华社|中新社|本报|本台|本网|本刊)"
    "|(?:^|(?<=[ \u3000、，（(/])|(?<=[■○●◆]))[\u4e00-\u9fff]{1,6}(?:报|社|台|网|刊))"
)
_ROLE_SPLIT = re.compile(f"{_PUBLISHER}?(?:特约|首席|见习|实习|全媒体|融媒体|驻[\u4e00-\u9fff]{{2,3}})*({_ROLE})[:：]?")
_NOISE = re.compile("^(?:[■○●◆□▲△★☆◎◇▶►·*※]+|文图[/:：]|图文[/:：]|文并图[/:：]|文[/:：]|采写[/:：]?|撰文[/:：]?)")
_SPLITTERS = re.compile(r"[\s\u3000\xa0、，,；;/／]+")
_HAN_NAME = re.compile("^[\u4e00-\u9fff]{2,4}$|^[\u4e00-\u9fff]+[·•][\u4e00-\u9fff·•]+$")
_LEAD = re.compile("[（(]([^（）()]{0,40}?(?:记者|通讯员|特派员)[^（）()]{0,60})[)）]")
_REPORT = re.compile(
    "(?:讯|电|消息)[ \u3000]*(?:据)?"
    "([\u4e00-\u9fff]{0,6}(?:记者|通讯员)[\u4e00-\u9fff、 \u3000]{2,30}?)(?=报道|从|获悉|摄影)"
)
_TAIL = re.compile("[（(]([\u4e00-\u9fff、，, \u3000·]{2,30})[)）]$")
_OFFICES = frozenset(("本报", "评论员", "编者", "本报讯", "新华社", "报道", "编辑部", "综合", "整理"))
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


@lru_cache(maxsize=4096)
def split_names(run: str) -> tuple[str, ...]:
    """Names printed without a space between them (许敏婷丁臻 → 许敏婷, 丁臻), by the likeliest surnames."""
    if len(run) <= 3 or "·" in run or "•" in run:  # noqa: PLR2004
        return (run,)
    if len(run) > 40:  # noqa: PLR2004
        return ()
    best: list[tuple[float, tuple[str, ...]]] = [(0.0, ())]
    for end in range(1, len(run) + 1):
        options = []
        for size in (2, 3, 4):
            if size <= end:
                cost, names = best[end - size]
                options.append((cost + _name_cost(run[end - size : end]), (*names, run[end - size : end])))
        best.append(min(options) if options else (9.0, (run[:end],)))
    return best[-1][1]


def _name_cost(name: str) -> float:
    compound = name[:2] in COMPOUND
    known = compound or name[0] in SURNAMES
    usual = len(name) in {3, 4} if compound else len(name) in {2, 3}
    return (0.0 if known else 3.0) + (0.0 if usual else 2.5) + (0.2 if len(name) == 2 else 0.0)  # noqa: PLR2004


def _people(text: str, role: str) -> list[Byline]:
    people = []
    for token in _SPLITTERS.split(text):
        token = token.strip("()（）:：。.■○●◆")  # noqa: PLW2901
        for name in split_names(token) if token else ():
            if _HAN_NAME.match(name) and name not in _OFFICES:
                people.append(Byline(name, role))  # noqa: PERF401 - a comprehension of three loops reads badly
    return list(dict.fromkeys(people))


def parse_byline(text: str) -> tuple[Byline, ...]:
    """People named by a byline: 本报记者 余庆林 通讯员 邱佳杰 → 余庆林 记者, 邱佳杰 通讯员; bare names are 作者."""
    text = _NOISE.sub("", text.strip(" \u3000（）()")).removesuffix("译")
    text = _closed(text)
    people: list[Byline] = []
    at, role = 0, "作者"
    for match in _ROLE_SPLIT.finditer(text):
        people += _people(text[at : match.start()], role)
        at, role = match.end(), match.group(1)
    people += _people(text[at:], role)
    return tuple(dict.fromkeys(people))


def _closed(text: str) -> str:
    """Two-character names set with a space inside (余 林) closed up when every piece is one character."""
    return re.sub("(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])(?![\u4e00-\u9fff])", r"\1\2", text)


def people_in_text(first: str, last: str) -> tuple[Byline, ...]:
    """People credited inside a story: in its lead, 本报讯（记者 …） or 记者…报道, and in a tail in brackets.

    Args:
        first: the first paragraph.
        last: the last paragraph.
    """
    people: list[Byline] = []
    head = first[:120]
    for match in _LEAD.finditer(head):
        people += [p for p in parse_byline(match.group(1)) if p.role != "作者"]
    if not people:
        report = _REPORT.search(head)
        if report:
            people += parse_byline(report.group(1))
    tail = last.rstrip(" \u3000")
    signed = re.search("[（(]([^（）()]{2,60})[)）][。]?$", tail)
    if signed:
        inside = signed.group(1)
        if re.search("记者|通讯员", inside):
            people += [p for p in parse_byline(inside) if p.role != "作者"]
        elif _TAIL.search(tail) and not inside.startswith(_NOT_NAMES):
            tokens = [t for t in _SPLITTERS.split(_closed(inside)) if t]
            named = [n for t in tokens for n in split_names(t.removesuffix("译"))]
            known = sum(n[0] in SURNAMES or n[:2] in COMPOUND for n in named)
            if known * 2 >= max(1, len(named)) and all(_HAN_NAME.match(n) for n in named):
                people += [Byline(n, "作者") for n in named]
    return tuple(dict.fromkeys(people))
