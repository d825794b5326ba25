"""Quality of search: `python -m benchmarks.search [FOLDER] [--run FILE]`.

The folder has documents.jsonl, queries.json and, to judge the run, score.py. `--run` writes what was found, {query id:
[document ids, best first]}, so that two revisions can be compared byte for byte.
"""

from __future__ import annotations

import argparse
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
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search")
    parser.add_argument("folder", type=Path, nargs="?", default=bench() / "search")
    parser.add_argument("--run", type=Path, help="write what was found to this file")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    with tempfile.TemporaryDirectory() as scratch:
        run = arguments.run or Path(scratch) / "run.json"
        with elasticsearch() as address:
            run.write_text(json.dumps(asyncio.run(found(address, folder)), ensure_ascii=False, indent=0), "utf-8")
        program = folder / "score.py"
        if not program.exists():
            print(f"{folder} has no score.py: nothing is judged")
            return 0
        score = [sys.executable, str(program), str(folder / "queries.json"), str(run), "--by-kind"]
        return subprocess.run(score, check=False).returncode  # the bench's own program


if __name__ == "__main__":
    sys.exit(main())
