"""Split text into clauses at its punctuation.

A search phrase never reaches from one clause into the next: 河南，海运 is not about 南海.
"""

from __future__ import annotations

import re

BREAK = re.compile(r"[,;:!?。、…‥|\n\r\f\v\u2028\u2029]|\.(?!\w)|(?<!\w)\.")
"""Marks that end a clause in normalised text.

Quotes, brackets, book-title marks and dashes do not end a clause: 对“零关税”产品 is a single clause.
"""


def clauses(text: str) -> list[tuple[int, int]]:
    """Return the span of each clause of normalised `text`, in order.

    A span leaves out the mark that ends its clause. Blank clauses are left out.
    """
    spans = []
    start = 0
    for mark in BREAK.finditer(text):
        if (
            text[mark.start()] == ":"
            and text[mark.start() - 1 : mark.start()].isdigit()
            and text[mark.end() : mark.end() + 1].isdigit()
        ):
            continue
        spans.append((start, mark.start()))
        start = mark.end()
    spans.append((start, len(text)))
    return [(first, last) for first, last in spans if text[first:last].strip()]
