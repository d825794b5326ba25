"""Stories: a source article dressed in a house's style, with every printed part known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import rjieba

from training.pages import pools, words
from training.pages.content import bare
from training.pages.typeset import NEVER_FIRST, NEVER_LAST

if TYPE_CHECKING:
    from random import Random

    from training.pages.content import Source
    from training.pages.house import House

CLAUSE = re.compile(r"[^。，、；：！？（）“”‘’《》…—\s]{5,24}")
LED = re.compile(r"^[【（]?(?:本报|新华社|据新华社|据|中新社|本台|编者按|本社|来源)\S{0,14}?(?:电|讯|消息|报道|按|：)")
SENTENCE = re.compile(r"[^。！？“”]{10,60}。")


@dataclass(frozen=True, slots=True)
class Caption:
    """A photo's caption; `glued` puts the credit on the caption's last line."""

    text: str
    credit: str
    glued: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One line or paragraph of a flow: its role, its text, its index among the article's paragraphs, whether it starts one."""

    role: str  # body | subhead
    text: str
    para: int
    start: bool = True


@dataclass(frozen=True, slots=True)
class Story:
    """What one article prints. `bylines` are lines; `parts` is the flow on this page; jump marks are printed text."""

    article: str
    kind: str
    source: str
    source_issue: str
    headline: tuple[str, ...]
    parts: tuple[Part, ...]
    kicker: str = ""
    deck: str = ""
    label: str = ""
    bylines: tuple[str, ...] = ()
    names: words.Names = ()
    byline_form: str | None = None
    captions: tuple[Caption, ...] = ()
    jump_to: str = ""
    jump_from: str = ""
    continued: bool = False  # the second part of a story begun on another page
    headline_text: str = ""
    flow: tuple[tuple[str, str], ...] = field(default=())

    @property
    def characters(self) -> int:
        """Length of the flow on this page."""
        return sum(len(p.text) for p in self.parts)


def headline_lines(text: str, rng: Random, limit: int) -> tuple[str, ...]:
    """The headline broken into lines of at most about `limit` characters: at pauses, then between words, now and then inside one."""
    pieces = [p for p in re.split(r"[\s　]+", text) if p]
    if len(pieces) > 1 and all(len(p) <= limit * 1.5 for p in pieces) and rng.random() < 0.7:
        return tuple(line for p in pieces for line in headline_lines(p, rng, limit))
    if len(text) <= limit:
        return (text,)
    count = min(4, -(-len(text) // limit))
    ends = [0]
    for word in rjieba.cut(text):
        ends.append(ends[-1] + len(word))
    cuts: list[int] = []
    for k in range(1, count):
        goal = round(len(text) * k / count) + rng.choice((-1, 0, 0, 1))
        at = goal if rng.random() < 0.12 else min(ends, key=lambda e: abs(e - goal))
        if 0 < at < len(text) and (text[at - 1] in NEVER_LAST or text[at] in NEVER_FIRST):
            at -= 1
        if 0 < at < len(text) and (not cuts or at > cuts[-1]):
            cuts.append(at)
    return tuple(text[a:b].strip("　 ") for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True) if text[a:b].strip("　 "))


def clauses(source: Source) -> list[str]:
    """Clauses of the body that could stand as a subhead or a deck."""
    return [c for kind, text in source.flow if kind == "para" for c in CLAUSE.findall(text)]


def keywords(source: Source) -> list[str]:
    """Words of the headline that are long enough to name a picture's subject."""
    return [w for w in rjieba.cut(source.headline) if len(w) > 1] or [source.headline[:6]]


def caption(source: Source, rng: Random, house: House, number: int, count: int) -> Caption:
    """A caption that repeats, shortens or merely names what the story is about."""
    sentences = [s for _, text in source.flow for s in SENTENCE.findall(text)]
    roll = rng.random()
    if roll < 0.25 and source.captions:
        text = re.sub(r"^(?:图为|图[①②③④]：|[▲▶△↑←上下图：]+)", "", rng.choice(source.captions))
    elif roll < 0.6 and sentences:
        text = rng.choice(sentences)
    elif roll < 0.75 and sentences:
        text = "，".join(rng.sample(keywords(source), 1)) + rng.choice(clauses(source) or ["现场"]) + "。"
    else:
        subject = "".join(rng.sample(keywords(source), min(2, len(keywords(source)))))
        text = rng.choice(pools.CAPTION_SCENES).format(subject)
    head = rng.choice(house.caption_heads)
    if count > 1 and rng.random() < 0.5:
        head = f"图{'①②③④'[number]}："
    if rng.random() < 0.3:
        text = text.rstrip("。")
    shown = words.credit(rng, house) if rng.random() < 0.7 else ""
    return Caption(house.write(head + text), shown, glued=rng.random() < house.credit_glued)


def flow_of(source: Source, rng: Random, house: House) -> list[tuple[str, str]]:
    """The source's flow, perhaps cut short, with subheads kept, dropped or newly cut from clauses."""
    flow = list(source.flow)
    if len(flow) > 2 and rng.random() < 0.45:
        flow = flow[: rng.randint(max(1, len(flow) // 3), len(flow))]
    if rng.random() < 0.4:
        flow = [f for f in flow if f[0] == "para"]
    pool = clauses(source)
    if not any(kind == "subhead" for kind, _ in flow) and len(flow) > 3 and pool and rng.random() < house.subhead_share:
        step = rng.randint(2, 4)
        numbered = rng.random() < 0.2
        out: list[tuple[str, str]] = []
        count = 0
        for position, item in enumerate(flow):
            if position and position % step == 0 and position < len(flow):
                count += 1
                text = rng.choice(pool)
                if rng.random() < 0.25:
                    text += " " + rng.choice(pool)
                out.append(("subhead", f"{words.chinese_number(count)}、{text}" if numbered else text))
            out.append(item)
        flow = out
    while flow and flow[-1][0] == "subhead":
        flow.pop()
    return flow


def dress(source: Source, article: str, rng: Random, house: House) -> Story:
    """The source as a story of this house: headline block, byline or lead or tail with invented names, flow and captions."""
    flow = flow_of(source, rng, house)
    names: list[tuple[str, str]] = [n for n in source.names if any(n[0] in bare(text) for _, text in flow)]
    bylines: list[str] = []
    form: str | None = "source" if names else None
    paragraphs = [i for i, item in enumerate(flow) if item[0] == "para"]
    lead_text = tail_text = ""
    if not names and paragraphs:
        if rng.random() < house.lead_share and not LED.match(flow[paragraphs[0]][1]):
            lead_text, more = words.lead(rng, house, named=rng.random() < 0.4)
            names += more
            form = "lead" if more else None
        if rng.random() < house.byline_share * (0.3 if form else 1.0):
            bylines, more, form = words.byline(rng, house)
            names += more
        elif rng.random() < house.tail_share:
            tail_text, more = words.tail(rng)
            names += more
            form = form or ("tail" if more else None)
    if paragraphs:
        kind, text = flow[paragraphs[0]]
        flow[paragraphs[0]] = (kind, lead_text + text)
        kind, text = flow[paragraphs[-1]]
        flow[paragraphs[-1]] = (kind, text + (rng.choice(("", "", " ", "　")) if tail_text else "") + tail_text)
    flow = [(kind, house.write(text)) for kind, text in flow]
    kicker, headline, deck = block_of(source, rng, house)
    photos = 0
    if not flow or rng.random() < house.photo_share:
        photos = rng.choice((1, 1, 1, 2, 3)) if flow else 1
    captions = tuple(caption(source, rng, house, k, photos) for k in range(photos))
    if not flow:
        text = house.write("".join(source.captions))
        captions = (Caption(text, words.credit(rng, house) if rng.random() < 0.8 else "", glued=rng.random() < 0.5),)
    label = rng.choice(pools.LABELS) if rng.random() < house.label_share else ""
    return Story(
        article=article,
        kind="story" if flow else "photonews",
        source=source.key,
        source_issue=source.issue,
        headline=headline_lines(house.write(headline), rng, rng.choice((7, 9, 11, 14, 18, 24))),
        headline_text=house.write(headline),
        kicker=house.write(kicker),
        deck=house.write(deck),
        label=house.write(house.label_form.format(label)) if label else "",
        bylines=tuple(bylines),
        names=tuple(dict.fromkeys((house.write(n), r) for n, r in names)),
        byline_form=form,
        parts=tuple(Part("body" if kind == "para" else "subhead", text, i) for i, (kind, text) in enumerate(flow)),
        flow=tuple(flow),
        captions=captions,
    )


def block_of(source: Source, rng: Random, house: House) -> tuple[str, str, str]:
    """Kicker, headline and deck: the source's, or cut from a headline with pauses, or made from clauses of the body."""
    kicker, headline, deck = source.kicker, source.headline, source.deck
    pieces = [p for p in re.split(r"[\s　]+", headline) if p]
    if not kicker and not deck and len(pieces) in (2, 3) and all(4 <= len(p) <= 24 for p in pieces) and rng.random() < 0.6:
        if len(pieces) == 3:
            kicker, headline, deck = pieces
        elif rng.random() < 0.5:
            kicker, headline = pieces
        else:
            headline, deck = pieces
    pool = [c for c in clauses(source) if len(c) > 7]
    if rng.random() < 0.3:
        kicker = ""
    if rng.random() < 0.3:
        deck = ""
    if not kicker and pool and rng.random() < house.kicker_share:
        kicker = rng.choice(pool) if rng.random() < 0.8 else house.city + rng.choice(pools.KICKER_HEADS)
    if not deck and pool and rng.random() < house.deck_share:
        deck = rng.choice(("", "", "——", "—")) + rng.choice(pool)
        if rng.random() < 0.25:
            deck += rng.choice((" ", "　")) + rng.choice(pool)
    return kicker, headline, deck


def split(story: Story, rng: Random, house: House, first_page: int, second_page: int) -> tuple[Story, Story, bool] | None:
    """The story's part on its first page, its part on the later page, and whether a sentence was cut; None when too short."""
    bodies = [i for i, p in enumerate(story.parts) if p.role == "body"]
    if len(bodies) < 2 or story.characters < 200:
        return None
    at = bodies[rng.randint(1, len(bodies) - 1)]
    first, rest = list(story.parts[:at]), list(story.parts[at:])
    cut = False
    if rng.random() < 0.35 and len(rest[0].text) > 60:
        whole = rest[0]
        place = rng.randint(20, len(whole.text) - 20)
        if rng.random() < 0.5:
            place = whole.text.find("。", place) + 1 or place
        if 0 < place < len(whole.text) and not whole.text[place : place + 1].isascii():
            cut = whole.text[place - 1] not in "。！？”"
            first.append(replace(whole, text=whole.text[:place]))
            rest[0] = replace(whole, text=whole.text[place:], start=False)
    while first and first[-1].role == "subhead":
        rest.insert(0, first.pop())
    to_form, from_form = house.jump
    short = {"same": story.headline_text, "none": "", "short": ""}[house.jump_headline]
    if house.jump_headline == "short":
        texts = list(story.headline)
        short = max(texts, key=len) if len(story.headline_text) > 12 else story.headline_text
    photos = rng.randint(0, len(story.captions))
    one = replace(
        story, parts=tuple(first), jump_to=house.write(words.page_number(to_form, second_page)), captions=story.captions[:photos]
    )
    two = replace(
        story, parts=tuple(rest), jump_from=house.write(words.page_number(from_form, first_page)), continued=True,
        headline=headline_lines(short, rng, 14) if short else (), kicker="", deck="", label="", bylines=(), captions=story.captions[photos:],
    )  # fmt: skip
    return one, two, cut


def roundup(sources: list[Source], article: str, rng: Random, house: House) -> Story:
    """Bulleted items under one heading: one article."""
    bullet = rng.choice(pools.BULLETS)
    items = []
    for number, source in enumerate(sources):
        body = next((t for kind, t in source.flow if kind == "para"), source.headline + "。")
        mark = bullet if bullet not in ("1.", "①") else (f"{number + 1}." if bullet == "1." else "①②③④⑤⑥⑦⑧⑨"[number])
        items.append(house.write(f"{mark}{rng.choice(('', '', ' '))}{body[:160]}"))
    title = house.write(rng.choice(pools.BRIEF_TITLES))
    return Story(
        article=article, kind="roundup", source=",".join(s.key for s in sources), source_issue=",".join(s.issue for s in sources), headline=headline_lines(title, rng, 6),
        headline_text=title, parts=tuple(Part("body", t, i) for i, t in enumerate(items)), flow=tuple(("para", t) for t in items),
    )  # fmt: skip
