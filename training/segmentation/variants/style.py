"""The habits of an invented paper: its forms of bylines, leads, captions and jump lines, and what it leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.segment.roles import BYLINE, CAPTION, CREDIT, SUBHEAD

if TYPE_CHECKING:
    from random import Random

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许"
    "傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
)
_COMPOUND = ("欧阳", "上官", "司马", "诸葛", "司徒", "慕容")
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍鹏飞建国志文海波宏宇"
    "辉斌琳雪梅晨曦子轩浩然思远立新春生家豪雨桐卫东晓东红梅"
)
_CITIES = (
    "北京",
    "上海",
    "广州",
    "成都",
    "武汉",
    "西安",
    "沈阳",
    "南京",
    "兰州",
    "昆明",
    "合肥",
    "济南",
    "长沙",
    "福州",
)
_PAPERS = ("晨报", "晚报", "都市报", "日报", "本报", "商报", "时报")
_BYLINES = (
    ("本报记者 {a}",),
    ("本报记者 {a} {b}",),
    ("□本报记者 {a}",),
    ("■记者 {a} 通讯员 {b}",),
    ("●{a}",),
    ("◎{a} {b}",),
    ("□ {a}",),
    ("{a}",),
    ("{a} {b}",),
    ("（{a}）",),
    ("({a} {b})",),
    ("[{a}]",),
    ("【{a}】",),
    ("——{a}",),
    ("文/{a}",),
    ("文/{a} 图/{b}",),
    ("{a}/文 {b}/摄",),
    ("{a} 文/图",),
    ("本报记者 {a} 文/图",),
    ("本报记者 {a}/文 {b}/图",),
    ("记者{a}报道",),
    ("记者/{a}",),
    ("记者 {a} 实习生 {b}",),
    ("通讯员 {a} 记者 {b}",),
    ("撰文 {a} 摄影 {b}",),
    ("采写：本报记者 {a}",),
    ("本报驻{city}记者 {a}",),
    ("新华社记者 {a}、{b}",),
    ("见习记者 {a}",),
    ("作者：{a}",),
    ("{paper}记者 {a}",),
    ("本报首席记者 {a}",),
    ("全媒体记者 {a} 通讯员 {b}",),
    ("{a}（{city}）",),
    ("{city} {a}",),
    ("本报评论员 {a}",),
    ("特约撰稿 {a}",),
    ("编译 {a}",),
    ("整理：{a}",),
    ("本报记者 {a}", "通讯员 {b}"),
    ("记者 {a} {b}", "通讯员 {c}"),
    ("撰文/{a}", "摄影/{b}"),
)
_LEADS = (
    "本报讯 ",
    "本报讯（记者 {a}）",
    "【本报讯】",
    "〔本报讯〕（通讯员 {a} {b}）",
    "本报{city}{month}月{day}日电 记者{a}报道：",
    "本报{city}{month}月{day}日讯（记者{a}、{b}）",
    "新华社{city}{month}月{day}日电 ",
    "新华社{city}{month}月{day}日电（记者 {a}）",
    "据新华社{city}电 ",
    "{paper}讯（记者 {a}）",
    "（记者{a}）",
    "记者{a}{city}报道 ",
    "中新社{city}{month}月{day}日电 ",
)
_CAPTIONS = ("▲{}", "▼{}", "图为{}", "图：{}", "△{}", "右图：{}")
_CREDITS = (
    "{} {a} 摄",
    "{}（{a} 摄）",
    "{}本报记者 {a} 摄",
    "{}新华社记者{a}摄",
    "{}（资料图片）",
    "{}（新华社发）",
    "{} {a}/图",
)
_JUMPS = ("（{}第{}版）", "►{}{}版", "{}第{}版", "({}{}版)", "【{}第{}版】", "→{}{}版", "{} {} 版")
_SUBHEADS = ("■{}", "●{}", "◆{}", "【{}】", "▶{}", "一、{}", "{}：")
_HALF = str.maketrans("，：；（）！？", ",:;()!?")
_FULL_DIGITS = str.maketrans("0123456789", "".join(chr(0xFF10 + i) for i in range(10)))
_PLAIN_QUOTES, _CORNER_QUOTES = str.maketrans("“”", '""'), str.maketrans("“”‘’", "「」『』")


class Style:
    """A page's habits, drawn once so that the page is consistent."""

    def __init__(self, random: Random) -> None:
        self.random = random
        draw = random.random
        self.byline = random.choice(_BYLINES) if draw() < 0.6 else None
        self.lead = ("", random.choice(_LEADS))[draw() < 0.6] if draw() < 0.5 else None
        self.width = random.uniform(0.6, 1.7) if draw() < 0.55 else None
        self.caption = random.choice(("{}", *_CAPTIONS)) if draw() < 0.4 else None
        self.credit = random.choice(("{}", *_CREDITS)) if draw() < 0.3 else None
        self.jump = random.choice(_JUMPS) if draw() < 0.5 else None
        self.subhead = random.choice(_SUBHEADS) if draw() < 0.15 else None
        self.breaks = random.choice(("kept", "kept", "split", "merged"))
        self.indent = random.choice((None, None, "", "\u3000\u3000", "    "))
        self.apart = draw() < 0.5  # whether two-character names are set with a space
        self.tables = [
            table
            for table, share in ((_HALF, 0.1), (_FULL_DIGITS, 0.15), (_PLAIN_QUOTES, 0.08), (_CORNER_QUOTES, 0.06))
            if draw() < share
        ]
        self.dropped: set[int] = set()
        for roles, share in (((BYLINE,), 0.12), ((CAPTION, CREDIT), 0.1), ((SUBHEAD,), 0.08), ((CREDIT,), 0.08)):
            if draw() < share:
                self.dropped |= set(roles)
        self.furniture = draw() if draw() < 0.4 else 1.0  # share of the furniture that is kept
        self.kickers = draw() < 0.85

    def name(self) -> str:
        """Return a person's name."""
        random = self.random
        surname = random.choice(_COMPOUND) if random.random() < 0.03 else random.choice(_SURNAMES)
        given = "".join(random.choice(_GIVEN) for _ in range(1 + (random.random() < 0.65)))
        return f"{surname} {given}" if self.apart and len(surname + given) == 2 else surname + given

    def filled(self, form: str) -> str:
        """Return a printed formula with its people and places filled in."""
        random = self.random
        return form.format(
            "{}",
            a=self.name(),
            b=self.name(),
            c=self.name(),
            city=random.choice(_CITIES),
            paper=random.choice(_PAPERS),
            month=random.randint(1, 12),
            day=random.randint(1, 28),
        )
