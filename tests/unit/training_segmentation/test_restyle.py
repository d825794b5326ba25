"""A restyled page prints the same stories in other forms, and its truth goes with it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.segment.evidence.row_features import row_features
from services.segment.page.page import read_page
from services.segment.page.rows import rows_of
from services.segment.roles import CLASSES
from training.segmentation.corpus import NOBODY, AnnotatedPage
from training.segmentation.variants.restyle import restyled

LINES = (
    ("山城晚报", "furniture", NOBODY, False),
    ("新桥小学添了两间图书室", "heading", "a1", False),
    ("本报记者 林晓", "byline", "a1", False),
    ("本报讯（记者 林晓）昨天上午，新桥小学的两间图书", "body", "a1", True),
    ("室向学生开放。书架是木工师傅用旧课桌改的，三千多册书来", "body", "a1", False),
    ("自附近的居民。", "body", "a1", False),
    ("校长说，图书室周末也开门，家长可以陪孩子来看。借书", "body", "a1", True),
    ("不用登记，看完放回原处就行。", "body", "a1", False),
    ("孩子们在看书。", "caption", "a1", False),
    ("河堤步道铺完最后一段", "heading", "a2", False),
    ("城南河堤步道昨天铺完最后一段，全长六公里的步道", "body", "a2", True),
    ("从石桥一直通到码头。工人们连夜清走了路边的碎石。", "body", "a2", False),
    ("下转第3版", "jump", "a2", False),
)


@pytest.fixture(scope="module")
def page() -> AnnotatedPage:
    rows = rows_of(1, "\n".join(text for text, *_ in LINES))
    made = read_page(1, rows)
    return AnnotatedPage(
        issue="own",
        sources=frozenset({"own"}),
        page=made,
        features=row_features(made, Counter(row.plain for row in rows)),
        classes=np.array([CLASSES.index(role) for _, role, _, _ in LINES], np.int64),
        articles=tuple(article for _, _, article, _ in LINES),
        parts=np.array([1 if role == "heading" else -1 for _, role, _, _ in LINES], np.int64),
        starts=np.array([start for *_, start in LINES]),
        slice_of={},
    )


def told(page: AnnotatedPage, article: str) -> str:
    """The Chinese characters of an article's running text."""
    body = CLASSES.index("body")
    rows = zip(page.page.rows, page.classes, page.articles, strict=True)
    text = "".join(row.plain for row, role, of in rows if of == article and role == body)
    return "".join(c for c in text if "\u4e00" <= c <= "\u9fff")


@settings(max_examples=60, deadline=None)
@given(seed=st.text(max_size=4))
def test_a_story_is_told_to_the_end_whatever_its_lead_and_columns(page: AnnotatedPage, seed: str) -> None:
    made = restyled(page, seed)
    assert told(made, "a1").endswith(told(page, "a1")[12:])
    assert told(made, "a2").endswith(told(page, "a2"))


@settings(max_examples=60, deadline=None)
@given(seed=st.text(max_size=4))
def test_every_row_has_its_truth(page: AnnotatedPage, seed: str) -> None:
    made = restyled(page, seed)
    count = len(made.page)
    for of_row in (made.features.values, made.classes, made.articles, made.parts, made.starts):
        assert len(of_row) == count
    body = made.classes == CLASSES.index("body")
    assert made.starts[body].sum() == page.starts.sum()
    assert not made.starts[~body].any()


def test_the_same_seed_gives_the_same_page_and_others_give_others(page: AnnotatedPage) -> None:
    texts = [tuple(row.text for row in restyled(page, seed).page.rows) for seed in ("r1", "r1", "r2", "r3", "r4")]
    assert texts[0] == texts[1]
    assert len(set(texts)) >= 4


def test_bylines_take_other_forms(page: AnnotatedPage) -> None:
    byline = CLASSES.index("byline")
    made = [restyled(page, f"r{k}") for k in range(30)]
    forms = {row.text for m in made for row, role in zip(m.page.rows, m.classes, strict=True) if role == byline}
    assert len(forms) > 10
