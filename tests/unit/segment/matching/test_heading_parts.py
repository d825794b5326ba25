"""A headline block is divided into kicker, headline and deck, and says how sure the division is."""

import numpy as np

from services.segment.features import Features
from services.segment.matching.heading_parts import DECK, HEADLINE, KICKER, NO_RIVAL, Division, decode_parts
from services.segment.models.trees import SCALE, Forest


def divided(*leans: float) -> Division:
    """Divide a block whose rows lean to the headline by these log-odds, against kicker and deck alike."""
    feature = np.zeros((len(leans), 1), np.int32)
    leaf = np.zeros((len(leans), 2, 3), np.int16)
    border = np.array([[k + 0.5] for k in range(len(leans))], np.float32)
    before = 0.0
    for k, lean in enumerate(leans):  # a tree for each row adds what it leans more than the row above
        leaf[k, 1, HEADLINE] = round((lean - before) * SCALE)
        before = lean
    forest = Forest(feature, border, leaf, np.zeros(3, np.int64), ("row",))
    rows = Features(("row",), np.arange(1.0, len(leans) + 1)[:, None])
    (division,) = decode_parts(forest, rows, [list(range(len(leans)))])
    return division


def test_the_likeliest_division_wins() -> None:
    """A row that leans away from the headline goes above or below it."""
    assert divided(-2.0, 2.0).parts == [KICKER, HEADLINE]
    assert divided(2.0, -2.0).parts in ([HEADLINE, KICKER], [HEADLINE, DECK])


def test_a_division_leads_by_the_odds_against_another_headline() -> None:
    """A block whose rows lean little could as well be divided otherwise."""
    assert divided(3.0, -3.0).lead > divided(3.0, -0.5).lead > 0
    assert abs(divided(3.0, -0.5).lead - 0.5) < 0.01


def test_a_single_row_has_no_rival() -> None:
    """Every block has a headline, so one row can be nothing else."""
    assert divided(-1.0).parts == [HEADLINE]
    assert divided(-1.0).lead == NO_RIVAL


def test_no_block_has_no_division() -> None:
    """A page without headings is divided into nothing."""
    assert decode_parts(Forest(*[np.zeros(0)] * 4, ()), Features((), np.zeros((0, 0))), []) == []  # type: ignore[arg-type]
