"""Stories: a source article in a house's style, with every printed part known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import rjieba

from training.pages.writing import pools, words
from training.pages.writing.breaks import NEVER_FIRST, NEVER_LAST
from training.pages.writing.content import bare

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from training.pages.writing.content import Source
    from training.pages.writing.house import Press

CLAUSE: Final = re.compile(r"[^。，、；：！？（）“”‘’《》…—\s]{5,24}")
SENTENCE: Final = re.compile(r"[^。！？“”]{8,42}。")
LED: Final = re.compile(
    r"[【（]?(?:本报|新华社|据新华社|据|中新社|本台|编者按|本社|来源)\S{0,14}?(?:电|讯|消息|报道|按|：)"
)
PICTURE_MARK: Final = re.compile(r"^(?:图为|图[①②③④]：|[▲▶△↑←上下图：]+)")
HEADLINE_LIMITS: Final = (7, 9, 11, 13, 16, 20, 26)
SERIES_SHARE: Final = 0.6  # share of stories with added subheads that form a series
LONG_CAPTION_SHARE: Final = 0.15  # share of captions with several sentences
OWN_LINE_SHARE: Final = 0.3  # share of signatures on a separate line
PHOTO_NEWS_SHARE: Final = 0.04  # share of stories reduced to a headline and a long caption
LONGEST_CAPTION: Final = 220


@dataclass(frozen=True, slots=True)
class Caption:
    """A photo's caption; `glued` puts the credit on the caption's last line."""

    text: str
    credit: str
    glued: bool


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph or subhead, or a piece of one: its index in the article's flow, and whether it begins here."""

    role: str  # body | subhead
    text: str
    para: int
    start: bool = True


@dataclass(frozen=True, slots=True)
class Story:
    """What an article prints on a page; `flow` is the flow of the complete article; jump marks are printed text."""

    article: str
    kind: str  # story | photonews | roundup
    source: str
    source_issue: str
    headline_text: str
    headline: tuple[str, ...]
    parts: tuple[Part, ...]
    flow: tuple[tuple[str, str], ...] = field(default=())
    kicker: str = ""
    deck: str = ""
    label: str = ""
    bylines: tuple[str, ...] = ()
    names: words.Names = ()
    byline_form: str | None = None
    captions: tuple[Caption, ...] = ()
    jump_to: str = ""
    jump_from: str = ""
    continued: bool = False  # the second part of a story that began on another page

    @property
    def characters(self) -> int:
        """Length of the flow on this page."""
        return sum(len(p.text) for p in self.parts)


@dataclass(slots=True)
class Signed:
    """The signatures of a story: a byline's lines, a lead, a signature; all names with roles; the form's name."""

    bylines: list[str] = field(default_factory=list)
    lead: str = ""
    tail: str = ""
    names: words.Names = ()
    form: str | None = None


def headline_lines(text: str, rng: Random, limit: int, blunt: float = 0.12) -> tuple[str, ...]:
    """Return lines of about `limit` characters, cut at pauses, between words, or (chance `blunt`) inside a word."""
    pieces = text.split()
    if len(pieces) > 1 and all(len(p) <= limit * 1.5 for p in pieces) and rng.random() < 0.7:
        return tuple(line for p in pieces for line in headline_lines(p, rng, limit, blunt))
    if len(text) <= limit:
        return (text,)
    count = min(4, -(-len(text) // limit))
    ends = [0]
    for word in rjieba.cut(text):
        ends.append(ends[-1] + len(word))
    cuts = [0]
    for k in range(1, count):
        goal = round(len(text) * k / count) + rng.choice((-1, 0, 0, 1))
        at = goal if rng.random() < blunt else min(ends, key=lambda end: abs(end - goal))
        if 0 < at < len(text) and (text[at - 1] in NEVER_LAST or text[at] in NEVER_FIRST):
            at -= 1
        if cuts[-1] < at < len(text):
            cuts.append(at)
    lines = (text[a:b].strip() for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True))
    return tuple(line for line in lines if line)


def clauses(source: Source) -> list[str]:
    """Return clauses of the body that could be a subhead or a deck."""
    return [c for kind, text in source.flow if kind == "para" for c in CLAUSE.findall(text)]


def caption(source: Source, press: Press, number: int, count: int) -> Caption:
    """Return a caption, `number` of `count` photos, that repeats, shortens or only names the story's subject."""
    house, rng = press.house, press.rng
    sentences = [s for _, text in source.flow for s in SENTENCE.findall(text)]
    subjects = [w for w in rjieba.cut(source.headline) if len(w) > 1] or [source.headline[:6]]
    roll = rng.random()
    if roll < 0.25 and source.captions:
        text = PICTURE_MARK.sub("", rng.choice(source.captions))
    elif roll < 0.6 and sentences:
        text = rng.choice(sentences)
    elif roll < 0.75 and sentences:
        text = f"{rng.choice(subjects)}{rng.choice(clauses(source) or ['现场'])}。"
    else:
        text = rng.choice(pools.CAPTION_SCENES).format("".join(rng.sample(subjects, min(2, len(subjects)))))
    mark = f"图{'①②③④'[number]}：" if count > 1 and rng.random() < 0.5 else rng.choice(house.caption_heads)
    if sentences and rng.random() < LONG_CAPTION_SHARE:
        text = text.rstrip("。") + "。" + "".join(rng.choice(sentences) for _ in range(rng.choice((1, 2))))
    if rng.random() < 0.3:
        text = text.rstrip("。")
    shown = words.credit(press) if rng.random() < 0.7 else ""
    return Caption(house.write(mark + text), shown, glued=rng.random() < house.credit_glued)


def flow_of(source: Source, press: Press) -> list[tuple[str, str]]:
    """Return the source's flow, sometimes shortened; its subheads are kept, dropped or newly cut from clauses."""
    rng = press.rng
    flow = list(source.flow)
    if len(flow) > 2 and rng.random() < 0.45:
        flow = flow[: rng.randint(max(1, len(flow) // 3), len(flow))]
    if rng.random() < 0.4:
        flow = [item for item in flow if item[0] == "para"]
    pool = clauses(source)
    bare_of_subheads = all(kind == "para" for kind, _ in flow)
    if bare_of_subheads and len(flow) > 2 and pool and rng.random() < press.house.subhead_share:
        step, numbered = rng.randint(1, 4), rng.random() < 0.2
        series = words.subhead_series(rng, len(flow)) if rng.random() < SERIES_SHARE else []
        out: list[tuple[str, str]] = []
        for position, item in enumerate(flow):
            if position and position % step == 0:
                text = series.pop(0) if series else " ".join(rng.choice(pool) for _ in range(rng.choice((1, 1, 1, 2))))
                marked = numbered and not series
                out.append(("subhead", f"{words.chinese_number(position // step)}、{text}" if marked else text))
            out.append(item)
        flow = out
    while flow and flow[-1][0] == "subhead":
        flow.pop()
    return flow


def signed(press: Press, *, led: bool) -> Signed:
    """Return one or more of byline, lead and signature, as often as the house prints them; `led` texts have a lead."""
    house, rng = press.house, press.rng
    out = Signed()
    if not led and rng.random() < house.lead_share:
        out.lead, out.names = words.lead(press, named=rng.random() < 0.4)
        out.form = "lead" if out.names else None
    if rng.random() < house.byline_share * (0.3 if out.form else 1.0):
        out.bylines, names, out.form = words.byline(press)
        out.names += names
    elif rng.random() < house.tail_share:
        out.tail, names = words.tail(press)
        out.names += names
        out.form = out.form or ("tail" if names else None)
    return out


def dress(source: Source, article: str, press: Press) -> Story:
    """Return the source as this house's story: headline block, flow, captions, invented names in its signatures."""
    house, rng = press.house, press.rng
    flow = flow_of(source, press)
    long_caption = "".join(source.captions)
    if flow and rng.random() < PHOTO_NEWS_SHARE:
        flow, long_caption = [], flow[0][1][:LONGEST_CAPTION]
    printed = bare("".join(text for _, text in flow))
    names = tuple(n for n in source.names if n[0] in printed)
    by = Signed(names=names, form="source") if names else Signed()
    if flow and not names:
        flow = [(kind, worn(text, press)) for kind, text in flow]
        by = signed(press, led=bool(LED.match(flow[0][1])))
        flow[0] = (flow[0][0], by.lead + flow[0][1])
        if by.tail and rng.random() < OWN_LINE_SHARE:
            flow.append(("para", by.tail))
        else:
            flow[-1] = (flow[-1][0], flow[-1][1] + (rng.choice(("", "", " ", "　")) if by.tail else "") + by.tail)
    kicker, headline, deck = (house.write(text) for text in block_of(source, press))
    if flow:
        photos = rng.choice((1, 1, 1, 1, 2, 3)) if rng.random() < house.photo_share else 0
        captions = tuple(caption(source, press, k, photos) for k in range(photos))
    else:
        text = house.write(long_caption)
        captions = (Caption(text, words.credit(press) if rng.random() < 0.8 else "", glued=rng.random() < 0.5),)
    label = house.label_form.format(rng.choice(pools.LABELS)) if rng.random() < house.label_share else ""
    flow = [(kind, house.write(text)) for kind, text in flow]
    return Story(
        article=article,
        kind="story" if flow else "photonews",
        source=source.key,
        source_issue=source.issue,
        headline_text=headline,
        headline=headline_lines(headline, rng, rng.choice(HEADLINE_LIMITS), house.blunt_heads),
        parts=tuple(Part("body" if kind == "para" else "subhead", text, i) for i, (kind, text) in enumerate(flow)),
        flow=tuple(flow),
        kicker=kicker,
        deck=deck,
        label=house.write(label),
        bylines=tuple(by.bylines),
        names=tuple(dict.fromkeys((house.write(name), role) for name, role in by.names)),
        byline_form=by.form,
        captions=captions,
    )


def worn(text: str, press: Press) -> str:
    """Return the text as after a bad scan or careless typing: full stops lost at its end, characters mistaken."""
    house, rng = press.house, press.rng
    if house.lost_stops and rng.random() < house.lost_stops:
        text = text.rstrip("。") or text
    if not house.misread:
        return text
    return "".join(
        pools.LOOKALIKES.get(ch, ch) if rng.random() < house.misread * (8 if ch in pools.LOOKALIKES else 0) else ch
        for ch in text
    )


def block_of(source: Source, press: Press) -> tuple[str, str, str]:
    """Return kicker, headline and deck: from the source, cut from a headline with pauses, or made from body clauses."""
    house, rng = press.house, press.rng
    kicker, headline, deck = source.kicker, source.headline, source.deck
    pieces = headline.split()
    if (
        not kicker
        and not deck
        and len(pieces) in (2, 3)
        and all(4 <= len(p) <= 24 for p in pieces)
        and rng.random() < 0.6
    ):
        if len(pieces) == 3:
            kicker, headline, deck = pieces
        elif rng.random() < 0.5:
            kicker, headline = pieces
        else:
            headline, deck = pieces
    pool = [c for c in clauses(source) if len(c) > 7]
    kicker = "" if rng.random() < 0.3 else kicker
    deck = "" if rng.random() < 0.3 else deck
    if not kicker and pool and rng.random() < house.kicker_share:
        kicker = rng.choice(pool) if rng.random() < 0.8 else house.city + rng.choice(pools.KICKER_HEADS)
    if not deck and pool and rng.random() < house.deck_share:
        deck = rng.choice(("", "", "——", "—")) + rng.choice((" ", "　")).join(
            rng.choice(pool) for _ in range(rng.choice((1, 1, 1, 2)))
        )
    return kicker, headline, deck


def roundup(sources: Sequence[Source], article: str, press: Press) -> Story:
    """Return bulleted items under a heading as one article."""
    house, rng = press.house, press.rng
    bullet = rng.choice(pools.BULLETS)
    items: list[str] = []
    for number, source in enumerate(sources):
        mark = {"1.": f"{number + 1}.", "①": "①②③④⑤⑥⑦⑧⑨"[number]}.get(bullet, bullet)
        items.append(house.write(f"{mark}{rng.choice(('', '', ' '))}{source.flow[0][1][:160]}"))
    title = house.write(rng.choice(pools.BRIEF_TITLES))
    return Story(
        article=article,
        kind="roundup",
        source=",".join(s.key for s in sources),
        source_issue=",".join(s.issue for s in sources),
        headline_text=title,
        headline=headline_lines(title, rng, 6),
        parts=tuple(Part("body", text, i) for i, text in enumerate(items)),
        flow=tuple(("para", text) for text in items),
    )
