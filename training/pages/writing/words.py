"""Small printed forms made from the pools: names, dates, bylines, leads, signatures, credits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.pages.writing import pools

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from training.pages.writing.house import House, Press

Names = tuple[tuple[str, str], ...]  # (name, role) with the bench's roles 记者, 通讯员 and 作者


def person(rng: Random) -> str:
    """An invented name."""
    roll = rng.random()
    if roll < 0.01:
        return rng.choice(pools.BORDER_NAMES)
    surname = rng.choice(pools.LONG_SURNAMES) if roll < 0.03 else rng.choice(pools.SURNAMES)
    return surname + "".join(rng.choice(pools.GIVEN) for _ in range(1 if rng.random() < 0.25 else 2))


def people(rng: Random, counts: Sequence[int]) -> list[str]:
    """Return invented names, as many as a random number from `counts`."""
    return [person(rng) for _ in range(rng.choice(counts))]


def spaced(name: str, house: House) -> str:
    """Return a two-character name as the house prints it, with or without a space inside."""
    return f"{name[0]}{house.name_space}{name[1]}" if len(name) == 2 else name


def role_of(title: str) -> str:
    """Return the bench's role for a printed title: 记者 (including trainees), 通讯员 or 作者."""
    if "记者" in title or "实习生" in title:
        return "记者"
    return "通讯员" if "通讯员" in title else "作者"


def chinese_number(value: int) -> str:
    """Return a number from 0 to 999 in Chinese numerals."""
    hundreds, rest = divmod(value, 100)
    if hundreds:
        digits = pools.CN_DIGITS
        joint = "" if not rest else "零" if rest < 10 else digits[1] if rest < 20 else ""
        return f"{digits[hundreds]}百{joint}{chinese_number(rest) if rest else ''}"
    tens, ones = divmod(value, 10)
    head = ("" if tens == 1 else pools.CN_DIGITS[tens]) + "十" if tens else ""
    return head + (pools.CN_DIGITS[ones] if ones or not tens else "")


def subhead_series(rng: Random, count: int) -> list[str]:
    """Return `count` subheads with the same pattern, as in a report in sections; a space marks the end of a line."""
    template = rng.choice(pools.SUBHEAD_TEMPLATES)
    verbs = rng.sample(pools.SUBHEAD_VERBS, len(pools.SUBHEAD_VERBS))
    objects = rng.sample(pools.SUBHEAD_OBJECTS, len(pools.SUBHEAD_OBJECTS))
    series = []
    for number in range(1, count + 1):
        text = template.replace("{n}", chinese_number(number))
        while "{v}" in text:
            text = text.replace("{v}", verbs.pop(), 1)
            verbs = verbs or rng.sample(pools.SUBHEAD_VERBS, len(pools.SUBHEAD_VERBS))
        while "{o}" in text:
            text = text.replace("{o}", objects.pop(), 1)
            objects = objects or rng.sample(pools.SUBHEAD_OBJECTS, len(pools.SUBHEAD_OBJECTS))
        series.append(text)
    return series


def page_number(form: str, page: int) -> str:
    """Return `form` with a page's number filled in."""
    return form.format(n=page, nn=f"{page:02d}", cn=chinese_number(page))


def fill(form: str, press: Press, pages: int = 4) -> str:
    """Return `form` with the issue's date and invented details, in the house's script and digits."""
    rng, house = press.rng, press.house
    low = rng.randint(-8, 24)
    values = {
        **{key: person(rng) for key in ("P", "Q", "P2")},
        "y": house.year,
        "m": house.month,
        "d": house.day,
        "mm": f"{house.month:02d}",
        "dd": f"{house.day:02d}",
        "w": pools.WEEKDAYS[(house.year + house.day) % 7],
        "cy": "".join(pools.CN_DIGITS[int(c)] for c in str(house.year)),
        "cm": chinese_number(house.month),
        "cd": chinese_number(house.day),
        "cnm": chinese_number(rng.randint(1, 12)),
        "cnd": rng.choice("一二三四五六七八九十"),
        "n": rng.randint(100, 19999),
        "nn": f"{rng.randint(1, 16):02d}",
        "n2": rng.randint(10, 99),
        "n3": rng.randint(100, 999),
        "tel": rng.randint(2000000, 8999999),
        "mail": f"bj{rng.randint(10, 9999)}@126.com",
        "street": rng.choice(pools.STREETS),
        "city": house.city,
        "city_id": f"{rng.randrange(16**6):06x}",
        "pages": pages,
        "sky": rng.choice(pools.SKIES),
        "sky2": rng.choice(pools.SKIES),
        "wind": rng.choice(pools.WINDS),
        "lo": low,
        "hi": low + rng.randint(3, 12),
    }
    return house.write(form.format(**values))


def byline(press: Press) -> tuple[list[str], Names, str]:
    """A byline with invented names."""
    return byline_of(people(press.rng, (1, 1, 1, 2, 2, 3)), people(press.rng, (0, 0, 1, 1, 2, 3)), press)


def byline_of(reporters: list[str], others: list[str], press: Press) -> tuple[list[str], Names, str]:
    """Return a byline's lines for these people in one of the house's forms, its names, and the form's name."""
    rng, house = press.rng, press.house
    number = rng.choice(house.byline_forms)
    name, form, holds, *alone = pools.BYLINE_FORMS[number % len(pools.BYLINE_FORMS)]
    title = pools.REPORTER_TITLES[number % len(pools.REPORTER_TITLES)].format(short=house.short, city=house.city)
    second = rng.choice(pools.CORRESPONDENT_TITLES)
    if not others and alone:
        form = alone[0]
    joint = ("  ", " ", " ", " ", "、", "　", "/")[number % 7]
    gap = ("", " ", " ", "　")[number % 4]
    names, more = (joint.join(spaced(p, house) for p in group) for group in (reporters, others))
    photographer = others[0] if others else reporters[-1]
    both = f"{title}{gap}{names}" + (f"{rng.choice((' ', '　', ' '))}{second}{gap}{more}" if others else "")
    shown = form.format(
        m=house.byline_mark,
        t=title,
        g=gap,
        n=names,
        both=both,
        f=reporters[0],
        p=photographer,
        s=second,
        o=more,
        city=rng.choice(pools.CITIES),
        f_mail=f"xw{rng.randint(100, 99999)}@163.com",
    )
    groups: dict[str, Names] = {
        "r": tuple((p, role_of(title)) for p in reporters),
        "c": tuple((p, role_of(second)) for p in others),
        "a": tuple((p, "作者") for p in reporters),
        "f": ((reporters[0], role_of(title)),),
        "p": ((photographer, role_of(title) if "a" not in holds else "作者"),),
    }
    who = {n: r for key in holds for n, r in reversed(groups[key])}
    ordered = tuple((n, who[n]) for n in dict.fromkeys(n for key in holds for n, _ in groups[key]))
    return [house.write(line) for line in shown.split("\n")], ordered, name


def lead(press: Press, *, named: bool) -> tuple[str, Names]:
    """Return the opening formula of a story and the names in it."""
    rng, house = press.rng, press.house
    day = f"{house.month}月{house.day}日"
    openings = {
        "plain": "本报讯",
        "short": f"{house.short}讯",
        "dated": rng.choice((f"本报{house.city}{day}讯", f"本报{day}讯")),
        "brackets": "【本报讯】",
        "colon": rng.choice(("本报消息：", f"{house.paper}讯", "本报综合消息")),
        "none": "",
    }
    opening = openings[house.lead]
    if rng.random() < 0.12:
        opening = rng.choice(pools.WIRE_LEADS).format(p=rng.choice([*pools.WIRE_PLACES, house.city]), d=day)
    inside = ""
    names: Names = ()
    if named:
        reporters, others = people(rng, (1, 1, 2)), people(rng, (0, 1, 1, 2))
        joint = rng.choice((" ", " ", "、"))
        title = rng.choice(("记者", "记者", "本报记者", "见习记者", "通讯员"))
        more = f" 通讯员{rng.choice(('', ' '))}{joint.join(others)}" if others else ""
        inside = rng.choice(pools.LEAD_NAMES).format(t=title, g=rng.choice(("", " ")), n=joint.join(reporters), m=more)
        names = (*((p, role_of(title)) for p in reporters), *((p, "通讯员") for p in others))
    return (f"{opening}{inside}{rng.choice(('', ' ', ' ', '　'))}" if opening or inside else ""), names


def tail(press: Press) -> tuple[str, Names]:
    """Return a signature or a source at the end of the last paragraph, and its names."""
    first, second = person(press.rng), person(press.rng)
    form, roles = press.rng.choice(pools.TAILS)
    kinds = {"r": "记者", "c": "通讯员", "a": "作者"}
    return form.format(P=first, Q=second), tuple(
        (n, kinds[r]) for n, r in zip((first, second), roles, strict=True) if r != "-"
    )


def credit(press: Press) -> str:
    """A photo credit in one of the house's forms."""
    form = pools.CREDIT_FORMS[press.rng.choice(press.house.credit_forms)]
    title = press.rng.choice(("本报记者", "记者", f"{press.house.short}记者"))
    return press.house.write(form.format(P=person(press.rng), Q=person(press.rng), R=title))
