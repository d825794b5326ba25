"""`broadsheet tag`: find the topics of plain documents without any server."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from services.runtime.errors import BroadsheetError
from services.tag.tagging import Tagger

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.taxonomy import Taxonomy


def tag_file(file: Path, taxonomy: Path | None = None) -> None:
    """Print {id: [topics]} as JSON for a file whose JSON lines have id, headline and text.

    Args:
        file: `-` is standard input.
        taxonomy: a YAML file; None means the initial taxonomy.

    Raises:
        BroadsheetError: a line lacks this form, or the taxonomy has mistakes; the text names the line.
        OSError: a file cannot be read.
    """
    tagger = Tagger(_taxonomy(taxonomy))
    lines = sys.stdin.buffer if str(file) == "-" else file.read_bytes().splitlines()
    topics: dict[str, list[str]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
            key, headline, text = document["id"], document.get("headline") or "", document["text"] or ""
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BroadsheetError(
                f"{file}, line {number}: expected an object with id, headline and text ({error})"
            ) from None
        topics[str(key)] = [topic.id for topic in tagger.topics_of(str(headline), str(text))]
    sys.stdout.write(json.dumps(topics, ensure_ascii=False, indent=1) + "\n")


def _taxonomy(path: Path | None) -> Taxonomy:
    if path is not None:
        from services.cli.correct.taxonomy import read_file

        return read_file(path)
    from services.topics.taxonomy.seed import seed_taxonomy

    return seed_taxonomy()
