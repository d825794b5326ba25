"""Small printed forms made from the pools: names, dates, bylines, leads, jump lines, captions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.pages import pools

if TYPE_CHECKING:
    from random import Random

    from training.pages.house import House

Names = tuple[tuple[str, str], ...]

REPORTERS = (
    "本报记者", "本报记者", "记者", "记者", "{short}记者", "本报全媒体记者", "全媒体记者", "见习记者", "本报见习记者", "首席记者", "本报特约记者", "实习记者",
    "本报通讯员", "通讯员", "新华社记者", "融媒记者", "特派记者",
)  # fmt: skip
CORRESPONDENTS = ("通讯员", "通讯员", "通讯员", "实习生", "特约通讯员", "见习记者")


def person(rng: Random) -> str:
    """An invented name."""
    roll = rng.random()
    if roll < 0.01:
        return rng.choice(pools.BORDER_NAMES)
    surname = rng.choice(pools.LONG_SURNAMES) if roll < 0.03 else rng.choice(pools.SURNAMES)
    return surname + "".join(rng.choice(pools.GIVEN) for _ in range(1 if rng.random() < 0.25 else 2))


def spaced(name: str, house: House) -> str:
    """A two-character name as the house prints it, with or without a space inside."""
    return f"{name[0]}{house.name_space}{name[1]}" if len(name) == 2 and house.name_space else name


def role_of(title: str) -> str:
    """The bench's role of a printed title: 记者, 通讯员 or 作者."""
    if "记者" in title or "实习生" in title:
        return "记者"
    return "通讯员" if "通讯员" in title else "作者"


def chinese_number(value: int) -> str:
    """1 to 99 in Chinese figures."""
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else ("十" if tens == 1 else pools.CN_DIGITS[tens] + "十")
    return head + (pools.CN_DIGITS[ones] if ones or not tens else "")


def page_number(form: str, page: int) -> str:
    """`form` with a page's number filled in."""
    return form.format(n=page, nn=f"{page:02d}", cn=chinese_number(page))


def fill(form: str, rng: Random, house: House, pages: int = 4) -> str:
    """`form` with invented particulars."""
    low = rng.randint(-8, 24)
    return form.format(
        P=person(rng), Q=person(rng), P2=person(rng), R="本报记者", city=house.city, city_id=f"{rng.randrange(16**6):06x}", y=house.year,
        m=house.month, d=house.day, mm=f"{house.month:02d}", dd=f"{house.day:02d}", w=pools.WEEKDAYS[(house.year + house.day) % 7],
        cy="".join(pools.CN_DIGITS[int(c)] for c in str(house.year)), cm=chinese_number(house.month), cd=chinese_number(house.day),
        cnm=chinese_number(rng.randint(1, 12)), cnd=rng.choice("一二三四五六七八九十"), n=rng.randint(100, 19999), n2=rng.randint(10, 99),
        n3=rng.randint(100, 999), tel=rng.randint(2000000, 8999999), mail=f"bj{rng.randint(10, 9999)}@126.com", street=rng.choice(pools.STREETS),
        pages=pages, sky=rng.choice(pools.SKIES), sky2=rng.choice(pools.SKIES), wind=rng.choice(pools.WINDS), lo=low, hi=low + rng.randint(3, 12),
    )  # fmt: skip


def byline(rng: Random, house: House) -> tuple[list[str], Names, str]:
    """A byline with invented names."""
    people = [person(rng) for _ in range(rng.choice((1, 1, 1, 2, 2, 3)))]
    others = [person(rng) for _ in range(rng.choice((0, 0, 1, 1, 2, 3)))]
    return byline_of(people, others, rng, house)


def byline_of(people: list[str], others: list[str], rng: Random, house: House) -> tuple[list[str], Names, str]:
    """A byline's line or lines for these reporters and correspondents, the names it holds with roles, and the form's name."""
    form = rng.choice(house.byline_forms)
    title = REPORTERS[form % len(REPORTERS)].format(short=house.short)
    second = rng.choice(CORRESPONDENTS)
    joint = ("  ", " ", " ", " ", "、", "　", "/")[form % 7]
    gap = ("", " ", " ", "　")[form % 4]
    names = joint.join(spaced(p, house) for p in people)
    more = joint.join(spaced(p, house) for p in others)
    mark = house.byline_mark
    reporters: Names = tuple((p, role_of(title)) for p in people)
    helpers: Names = tuple((p, role_of(second)) for p in others)
    shown = f"{title}{gap}{names}"
    both = shown + (f"{rng.choice((' ', '　', ' '))}{second}{gap}{more}" if others else "")
    bare: Names = tuple((p, "作者") for p in people)
    photographer = others[0] if others else people[-1]
    forms: tuple[tuple[str, list[str], Names], ...] = (
        ("marked", [mark + both], reporters + helpers),
        ("marked", [mark + both], reporters + helpers),
        ("plain", [both], reporters + helpers),
        ("plain", [both], reporters + helpers),
        ("two_lines", [mark + shown, f"{second}{gap}{more}"] if others else [mark + shown], reporters + helpers),
        ("brackets", [f"（{both}）"], reporters + helpers),
        ("square_brackets", [f"[{shown}]" if form % 2 else f"【{shown}】"], reporters),
        ("text_photo_slash", [f"{mark}文/{both}"], reporters + helpers),
        ("text_and_photo", [f"{mark}文/图 {shown}"], reporters),
        ("text_and_photo_after", [f"{mark}{shown} 文/图"], reporters),
        ("text_photo_split", [f"{mark}{title} {spaced(people[0], house)}/文 {photographer}/图"], ((people[0], role_of(title)), (photographer, role_of(title)))),
        ("text_photo_colon", [f"文：{title} {names} 图：{photographer}"], (*reporters, (photographer, role_of(title)))),
        ("written_by", [f"撰文/{names} 摄影/{photographer}"], (*bare, (photographer, "作者"))),
        ("reported_by", [f"{mark}采写/{title} {names}"], reporters),
        ("reported_by_colon", [f"采写：{both}"], reporters + helpers),
        ("report", [f"{mark}{shown} 报道"], reporters),
        ("report_colon", [f"{shown}报道："], reporters),
        ("sent_from", [f"{mark}{shown} 发自{rng.choice(pools.CITIES)}"], reporters),
        ("slash", [f"{mark}{title}/{names}" + (f" {second}/{more}" if others else "")], reporters + helpers),
        ("colon", [f"{mark}{title}：{names}" + (f" {second}：{more}" if others else "")], reporters + helpers),
        ("bar", [f"{title}｜{names}"], reporters),
        ("author", [f"{mark}{names}"], bare),
        ("author", [mark + names], bare),
        ("author_colon", [f"作者：{names}"], bare),
        ("edited", [f"{shown} 整理"], reporters),
        ("own_correspondents", [f"{title}{names}" + (f" 本报通讯员{more}" if others else "")], reporters + tuple((p, "通讯员") for p in others)),
        ("intern", [f"{mark}{shown} 实习生 {spaced(photographer, house)}"], (*reporters, (photographer, "记者")) if others else reporters),
        ("photo_text", [f"{mark}图/文 {both}"], reporters + helpers),
        ("photo_report", [f"{shown} 摄影报道"], reporters),
        ("commentator", [f"{mark}本报评论员 {names}"], bare),
        ("two_marks", [f"{mark or '◎'}{shown}", f"{mark or '◎'}{second} {more}"] if others else [f"{mark or '◎'}{shown}"], reporters + helpers),
        ("dash", [f"——{both}"], reporters + helpers),
    )  # fmt: skip
    name, lines, who = forms[form % len(forms)]
    return [house.write(line) for line in lines], tuple(dict.fromkeys(who)), name


def lead(rng: Random, house: House, *, named: bool) -> tuple[str, Names]:
    """The opening formula of a story and the names in it."""
    people = [person(rng) for _ in range(rng.choice((1, 1, 2)))] if named else []
    others = [person(rng) for _ in range(rng.choice((0, 1, 1, 2)))] if named else []
    joint = rng.choice((" ", " ", "、"))
    inside = ""
    if people:
        more = f" 通讯员{rng.choice(('', ' '))}{joint.join(others)}" if others else ""
        inside = rng.choice(("（{t}{g}{n}{m}）", "（{t}{g}{n}{m}）", " {t}{g}{n}{m}报道：", "[{t}{g}{n}{m}]")).format(
            t=rng.choice(("记者", "记者", "本报记者", "见习记者", "通讯员")), g=rng.choice(("", " ")), n=joint.join(people), m=more
        )
    role = "通讯员" if people and "通讯员" in inside.split(people[0])[0] else "记者"
    day = f"{house.month}月{house.day}日"
    opening = {
        "本报讯": "本报讯", "short": f"{house.short}讯", "dated": rng.choice((f"本报{house.city}{day}讯", f"本报{day}讯")), "【】": "【本报讯】",
        "none": "", "colon": rng.choice(("本报消息：", f"{house.paper}讯", "本报综合消息")),
    }[house.lead]  # fmt: skip
    if rng.random() < 0.12:
        place = rng.choice(("北京", "上海", "广州", "日内瓦", "东京", house.city))
        opening = rng.choice(("新华社{p}{d}电", "据新华社{p}{d}电", "据新华社电", "中新社{p}{d}电", "综合新华社电", "据中新网消息", "新华社{p}电")).format(p=place, d=day)
    space = rng.choice(("", " ", " ", "　"))
    text = f"{opening}{inside}{space}" if opening or inside else ""
    return text, tuple((p, role) for p in people) + tuple((p, "通讯员") for p in others)


def tail(rng: Random) -> tuple[str, Names]:
    """A signature in brackets at the end of the last paragraph, and its names."""
    first, second = person(rng), person(rng)
    choices: tuple[tuple[str, Names], ...] = (
        (f"（记者 {first}）", ((first, "记者"),)), (f"（记者{first} 通讯员{second}）", ((first, "记者"), (second, "通讯员"))),
        (f"（{first}）", ((first, "作者"),)), (f"（{first} {second}）", ((first, "作者"), (second, "作者"))), ("（据新华社）", ()), ("（新华社）", ()),
        (f"（本报记者 {first} {second}）", ((first, "记者"), (second, "记者"))), (f"（通讯员 {first}）", ((first, "通讯员"),)),
        (f"（{first} 文/图）", ((first, "作者"),)), ("（本报综合）", ()), (f"（记者 {first} 实习生 {second}）", ((first, "记者"), (second, "记者"))),
        ("（据《经济日报》）", ()), (f"本报记者 {first}", ((first, "记者"),)), ("（新华社供本报专稿）", ()), ("据新华社电", ()), (f"（{first} 报道）", ((first, "作者"),)),
    )  # fmt: skip
    return rng.choice(choices)


def credit(rng: Random, house: House) -> str:
    """A photo credit in the house's form."""
    form = pools.CREDIT_FORMS[rng.choice(house.credit_forms)]
    title = rng.choice(("本报记者", "记者", f"{house.short}记者"))
    return house.write(form.format(P=person(rng), Q=person(rng), R=title))
