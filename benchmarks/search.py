"""How well the desk finds: `python -m benchmarks.search [FOLDER]`.

The folder holds documents.jsonl, queries.json and score.py.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from elasticsearch import AsyncElasticsearch

from benchmarks.search_servers import elasticsearch
from services.index.document import document
from services.index.mapping import mappings
from services.search.evaluate import article, evaluate, queries
from training.topics.articles import bench


async def found(address: str, folder: Path) -> dict[str, list[str]]:
    """Return query id to document ids, best first, for the queries and documents in `folder`."""
    lines = (folder / "documents.jsonl").read_text(encoding="utf-8").splitlines()
    asked = queries((folder / "queries.json").read_text(encoding="utf-8"))
    async with AsyncElasticsearch(address, request_timeout=60) as client:
        return await evaluate(client, map(article, lines), asked, document=document, mappings=mappings("articles"))


def main() -> int:
    """Run every query and print the measures, over all and by kind of query."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else bench() / "search"
    with elasticsearch() as address, tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as run:
        json.dump(asyncio.run(found(address, folder)), run)
        run.flush()
        score = [sys.executable, str(folder / "score.py"), str(folder / "queries.json"), run.name, "--by-kind"]
        return subprocess.run(score, check=False).returncode  # the bench's own program


if __name__ == "__main__":
    sys.exit(main())
