"""`broadsheet tag`: topics of plain documents, without any server."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from services.runtime.errors import BroadsheetError
from services.tag.seed import seed_taxonomy
from services.tag.tagging import Tagger

if TYPE_CHECKING:
    from pathlib import Path


def tag_file(file: Path) -> None:
    """Print {id: [topics]} as JSON for a file of JSON lines with id, headline and text.

    Raises:
        BroadsheetError: the file is not there, or a line is not such an object; the text names the line.
    """
    if str(file) != "-" and not file.is_file():
        raise BroadsheetError(f"{file}: no such file")
    lines = sys.stdin.buffer if str(file) == "-" else file.read_bytes().splitlines()
    tagger = Tagger(seed_taxonomy())
    topics: dict[str, list[str]] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
            key, headline, text = document["id"], document.get("headline", ""), document["text"]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BroadsheetError(
                f"{file}, line {number}: expected an object with id, headline and text ({error})"
            ) from None
        topics[str(key)] = [topic.id for topic in tagger.topics_of(str(headline), str(text))]
    sys.stdout.write(json.dumps(topics, ensure_ascii=False, indent=1) + "\n")
