"""How long tagging with facets takes against jieba.lcut on the same text: `python -m benchmarks.tagging_speed`."""

from __future__ import annotations

import datetime as dt
import json
import sys
import time
from typing import TYPE_CHECKING, TypeVar

import jieba

from schemas.article import Article, Block, LineSpan, RoleSpan
from services.tag.tagging import Tagger
from services.topics.taxonomy.seed import seed_taxonomy
from training.topics.articles import BenchMissingError, bench

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROUNDS = 5
Item = TypeVar("Item")


def ratio(articles: Sequence[Article], rounds: int = ROUNDS) -> tuple[float, float, float]:
    """Return seconds of tagging, seconds of jieba.lcut, and the first by the second; the best of `rounds` each."""
    tagger = Tagger(seed_taxonomy())
    texts = ["\n".join([article.headline, *(block.text for block in article.body)]) for article in articles]
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    tagger.tag(articles[0])
    rounds_of = [(_seconds(tagger.tag, articles), _seconds(jieba.lcut, texts)) for _ in range(rounds)]
    tagging, cutting = (min(times) for times in zip(*rounds_of, strict=True))
    return tagging, cutting, tagging / cutting


def article_of(number: int, headline: str, text: str, date: str, paper: str = "人民日报") -> Article:
    """Return a plain document as an article of one page."""
    day = dt.date.fromisoformat(date)
    line = LineSpan(page=1, first=1, last=1)
    return Article(
        article_id=f"{paper}/{date}/{number:012x}",
        issue_id=f"{paper}/{date}",
        paper=paper,
        date=day,
        revision=0,
        version=0,
        pages=(1,),
        kind="story",
        headline=headline,
        body=tuple(Block(kind="paragraph", text=part, spans=(line,)) for part in text.split("\n") if part),
        spans=(RoleSpan(page=1, first=1, last=1, role="body"),),
        confidence=1.0,
    )


def _seconds(work: Callable[[Item], object], items: Sequence[Item]) -> float:
    """Return the seconds that one round takes; what `work` returns is let go at once, as in the stream."""
    begun = time.process_time()
    for item in items:
        work(item)
    return time.process_time() - begun


def main() -> int:
    """Measure the labelled articles of the bench, and print; return the exit status."""
    try:
        lines = (bench() / "topics" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    except BenchMissingError as error:
        print(error, file=sys.stderr)
        return 1
    rows = [json.loads(line) for line in lines]
    articles = [
        article_of(number, row["headline"] or "", row["text"], row["date"] or "2006-05-01")
        for number, row in enumerate(rows)
    ]
    tagging, cutting, share = ratio(articles)
    characters = sum(len(row["text"]) for row in rows)
    print(f"{len(articles)} articles, {characters} characters, one core")
    print(f"tagging with facets {tagging:.3f} s, jieba.lcut {cutting:.3f} s, ratio {share:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
