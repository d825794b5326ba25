"""Which lines a style prints, in which words, and where it breaks headlines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from services.segment.roles import BYLINE, CAPTION, CREDIT, HEADING, JUMP, SUBHEAD
from training.segmentation.corpus import NOBODY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.segmentation.variants.lines import Line
    from training.segmentation.variants.style import Style

_MARKED = re.compile("^[▲▼△▽◀►▶↑↓←→]+|^(?:图为|图[①-⑩\\d]?[:：]|[上下左右]图[:：为])")
_JUMP = re.compile("(下转|上接)\\D*?([A-Z]?\\d{1,2})")
_BRIEF = 24  # characters up to which a heading may be set on one line
_LONG = 9  # number of characters from which a heading may be broken in two


def thinned(lines: Sequence[Line], style: Style) -> list[Line]:
    """Return the page without some kinds of lines."""
    headed = Counter(x.article for x in lines if x.part == 1)
    return [
        x
        for x in lines
        if x.role not in style.dropped
        and (x.article != NOBODY or style.furniture == 1.0 or style.random.random() < style.furniture)
        and (style.kickers or x.role != HEADING or x.part == 1 or not headed[x.article])
    ]


def worded(lines: Sequence[Line], style: Style) -> list[Line]:
    """Return bylines, captions, jump lines and subheads in the page's own forms."""
    made: list[Line] = []
    for k, line in enumerate(lines):
        before, after = lines[k - 1] if k else None, lines[k + 1] if k + 1 < len(lines) else None
        first = before is None or (before.role, before.article) != (line.role, line.article)
        last = after is None or (after.role, after.article) != (line.role, line.article)
        if line.role == BYLINE and style.byline:
            if first:
                forms = [style.filled(form) for form in style.byline]
                made += [replace(line, text=form, gap=line.gap if not j else 0) for j, form in enumerate(forms)]
            continue
        text = line.text
        if line.role == CAPTION and first and style.caption:
            text = style.caption.format(_MARKED.sub("", text) or text)
        if line.role == CAPTION and last and style.credit and CREDIT in style.dropped | {after.role if after else -1}:
            text = style.filled(style.credit).format(text)
        if line.role == JUMP and style.jump and (found := _JUMP.search(text)):
            text = style.jump.format(*found.groups())
        if line.role == SUBHEAD and first and last and style.subhead:
            text = style.subhead.format(text)
        made.append(replace(line, text=text))
    return made


def broken(lines: Sequence[Line], style: Style) -> list[Line]:
    """Break headlines into lines at other places."""
    made: list[Line] = []
    for line in lines:
        text = line.text
        if line.role != HEADING or line.vertical or style.breaks == "kept" or style.random.random() < 0.3:
            made.append(line)
        elif style.breaks == "split" and len(text) >= _LONG:
            middle = len(text) // 2
            blanks = [m.start() for m in re.finditer("[ \u3000]", text) if 2 < m.start() < len(text) - 3]
            at = min(blanks, key=lambda b: abs(b - middle)) if blanks else middle
            made += [replace(line, text=text[:at].strip()), replace(line, text=text[at:].strip(), gap=0, start=False)]
        elif (
            style.breaks == "merged"
            and made
            and (made[-1].role, made[-1].article, made[-1].part) == (HEADING, line.article, line.part)
            and not line.gap
            and not made[-1].vertical
            and len(made[-1].text) + len(text) <= _BRIEF
        ):
            made[-1] = replace(made[-1], text=made[-1].text + style.random.choice(("", " ")) + text)
        else:
            made.append(line)
    return made
