"""Annotated issues on disk, in the segmentation bench's format: page-NN.txt, truth.json and meta.json."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(slots=True)
class Issue:
    """An annotated issue: the text of each page, the truth about its lines and articles, and its origin."""

    name: str
    texts: dict[int, str]
    truth: dict[str, Any]
    meta: dict[str, Any]


def read(folder: Path) -> Issue:
    """Return the issue in `folder`, byte for byte."""
    texts: dict[int, str] = {}
    for path in sorted(folder.iterdir()):
        if match := re.fullmatch(r"page-(\d+)\.txt", path.name):
            with path.open(encoding="utf-8", newline="") as file:
                texts[int(match[1])] = file.read()
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    return Issue(folder.name, texts, truth, meta)


def write(issue: Issue, folder: Path) -> None:
    """Write the issue's files under folder/NAME."""
    target = folder / issue.name
    target.mkdir(parents=True, exist_ok=True)
    for page, text in issue.texts.items():
        (target / f"page-{page:02d}.txt").write_text(text, encoding="utf-8", newline="")
    for name, content in (("truth", issue.truth), ("meta", issue.meta)):
        (target / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
