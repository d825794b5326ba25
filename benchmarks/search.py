"""Quality of search: `python -m benchmarks.search [FOLDER …] [--run FILE] [--no-held]`.

Without a folder, it runs the queries of BROADSHEET_BENCH/search and BROADSHEET_BENCH/search2, and our own queries
(benchmarks/search_queries.json) over the articles there and in BROADSHEET_BENCH/texts. Half of our own queries are
`held`: nobody looks at their results one by one while working on the search. A folder has documents.jsonl and
queries.json. `--run` writes what was found in the first folder, {query id: [document ids, best first]}, so that two
revisions can be compared byte for byte.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import lzma
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from elasticsearch import AsyncElasticsearch

from benchmarks.search_servers import elasticsearch
from services.index.document import document
from services.index.mapping import mappings
from services.search.evaluate import article, evaluate
from training.topics.articles import bench

OWN: Final = Path(__file__).with_name("search_queries.json")
SCORE: Final = "score.py"
TEXTS: Final = "texts"
DAY_LENGTH: Final = len("2023-08-15")


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """Documents, one JSON object a line, and queries with the grades of their `relevant` documents."""

    name: str
    documents: list[str]
    queries: list[dict[str, Any]]


def folder_set(folder: Path) -> JudgedSet:
    """Return the set in `folder`."""
    documents = (folder / "documents.jsonl").read_text(encoding="utf-8").splitlines()
    return JudgedSet(folder.name, documents, json.loads((folder / "queries.json").read_text(encoding="utf-8")))


def own_sets(base: Path, *, held: bool) -> list[JudgedSet]:
    """Return our own queries by the articles that they are over."""
    own = json.loads(OWN.read_text(encoding="utf-8"))
    found = []
    for name in dict.fromkeys(query["articles"] for query in own["queries"]):
        queries = [one for one in own["queries"] if one["articles"] == name and (held or one["half"] == "dev")]
        documents = text_documents(base / TEXTS, own["texts"]) if name == TEXTS else folder_set(base / name).documents
        found.append(JudgedSet(f"own over {name}", documents, queries))
    return found


def text_documents(folder: Path, wanted: list[str]) -> list[str]:
    """Return the articles with the ids `wanted` of the texts in `folder`, as documents."""
    kept = set(wanted)
    found = []
    with lzma.open(folder / "articles.jsonl.xz", "rt", encoding="utf-8") as lines:
        for one in map(json.loads, lines):
            if one["id"] in kept:
                date = one["date"] if len(one["date"] or "") == DAY_LENGTH else None
                titles = (one.get("kicker"), one["headline"], one.get("deck"))
                headline = " ".join(text for text in titles if text)
                text = "\n".join([*one["paragraphs"], *(one.get("captions") or [])])
                found.append({"id": one["id"], "paper": one["paper"], "date": date, "headline": headline, "text": text})
    return [json.dumps(one, ensure_ascii=False) for one in found]


async def found(address: str, judged: JudgedSet) -> dict[str, list[str]]:
    """Return query id to document ids, best first."""
    asked = {str(one["id"]): str(one["query"]) for one in judged.queries}
    async with AsyncElasticsearch(address, request_timeout=60) as client:
        return await evaluate(
            client, map(article, judged.documents), asked, document=document, mappings=mappings("articles")
        )


def score(program: Path, name: str, queries: list[dict[str, Any]], run: dict[str, list[str]]) -> None:
    """Print the measures over all queries and by kind, with the bench's own program."""
    ids = {str(one["id"]) for one in queries}
    with tempfile.TemporaryDirectory() as scratch:
        asked, answered = Path(scratch) / "queries.json", Path(scratch) / "run.json"
        asked.write_text(json.dumps(queries, ensure_ascii=False), "utf-8")
        answered.write_text(json.dumps({key: ids_ for key, ids_ in run.items() if key in ids}), "utf-8")
        print(f"\n{name}", flush=True)
        subprocess.run([sys.executable, str(program), str(asked), str(answered), "--by-kind"], check=True)


def main() -> int:
    """Run every query and print the measures, over all and by kind of query."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search")
    parser.add_argument("folders", type=Path, nargs="*", help="folders of judged queries, instead of all sets")
    parser.add_argument("--run", type=Path, help="write what was found in the first folder to this file")
    parser.add_argument("--no-held", action="store_true", help="leave out the held half of our own queries")
    arguments = parser.parse_args()
    base = bench()
    folders = arguments.folders or [base / "search", base / "search2"]
    own: list[dict[str, Any]] = []
    runs: dict[str, list[str]] = {}
    with elasticsearch() as address:
        for number, judged in enumerate(map(folder_set, folders)):
            run = asyncio.run(found(address, judged))
            if arguments.run and not number:
                arguments.run.write_text(json.dumps(run, ensure_ascii=False, indent=0), "utf-8")
            score(base / "search" / SCORE, judged.name, judged.queries, run)
        for judged in [] if arguments.folders else own_sets(base, held=not arguments.no_held):
            own += judged.queries
            runs |= asyncio.run(found(address, judged))
    for half in dict.fromkeys(one["half"] for one in own):
        score(base / "search" / SCORE, f"own queries, {half} half", [one for one in own if one["half"] == half], runs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
