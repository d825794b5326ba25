from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.unit.training_pages.conftest import source

pytest.importorskip("fontTools")
pytest.importorskip("pymupdf")
pytest.importorskip("pdfminer")
pytest.importorskip("pypdf")
pytest.importorskip("pypdfium2")

from training.pages.__main__ import alphabet
from training.pages.issue import Kit, generate
from training.pages.reading.align import visible
from training.pages.reading.extract import EXTRACTORS
from training.pages.reading.truth import as_prediction
from training.pages.typesetting.fonts import FACES, MissingFontError, load_face

if TYPE_CHECKING:
    from pathlib import Path

    from training.pages.typesetting.fonts import Face

SOURCES = [source(number) for number in range(1, 40)]


@pytest.fixture(scope="module")
def faces() -> dict[str, Face]:
    try:
        return {name: load_face(name, alphabet(SOURCES)) for name in FACES}
    except MissingFontError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("extractor", sorted(name for name in EXTRACTORS if not name.startswith("pdftotext")))
def test_what_an_extractor_reads_is_told_line_by_line(extractor: str, faces: dict[str, Face], tmp_path: Path) -> None:
    issue, _ = generate("own-1", "seed-1", Kit(SOURCES, faces, [extractor], tmp_path))
    printed = {(p, n) for p, text in issue.texts.items() for n, line in enumerate(text.split("\n"), 1) if visible(line)}
    prediction = as_prediction(issue.truth)
    parts = (prediction["furniture"], *(a["lines"] for a in prediction["articles"]))
    placed = Counter(tuple(at) for part in parts for ats in part.values() for at in ats)
    assert set(placed) == printed
    assert set(placed.values()) == {1}
    assert all(a["lines"] for a in issue.truth["articles"])


def test_the_same_seed_gives_the_same_issue(faces: dict[str, Face], tmp_path: Path) -> None:
    kit = Kit(SOURCES, faces, ["pymupdf_blocks", "pypdf"], tmp_path)
    (one, first), (two, second) = generate("own", "seed-2", kit), generate("own", "seed-2", kit)
    assert (one.texts, one.truth, one.meta, first) == (two.texts, two.truth, two.meta, second)


def test_body_lines_read_together_give_the_paragraphs(faces: dict[str, Face], tmp_path: Path) -> None:
    issue, _ = generate("own", "seed-3", Kit(SOURCES, faces, ["pymupdf_text"], tmp_path))
    lines = {page: text.split("\n") for page, text in issue.texts.items()}
    records = {(int(p), r["line"]): r for p, rs in issue.truth["pages"].items() for r in rs}
    pure = [a for a in issue.truth["articles"] if not any(records[tuple(at)].get("also") for at in a["reading_order"])]
    assert pure
    for article in pure:
        read = "".join(visible("".join(lines[page][line - 1] for page, line in article["reading_order"])))
        assert read == "".join(visible("".join(item["text"] for item in article["flow"])))
