"""Time to segment and tag a page against `jieba.lcut` on the same text: `python -m benchmarks.speed`.

One core, one process, CPU time, best of the rounds. It also shows that time grows in proportion to a page's length.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from typing import TYPE_CHECKING

import jieba

from benchmarks.segmentation import bench_folder
from benchmarks.tagging_speed import article_of
from services.segment.articles.assembly import assemble
from services.segment.evidence.page_evidence import recognised
from services.segment.evidence.row_features import row_features
from services.segment.layout.cutting import cutting_of
from services.segment.layout.pieces import caption_groups
from services.segment.layout.search import best_reading
from services.segment.layout.search_space import search_space
from services.segment.models.shipped import shipped_models
from services.segment.page.page import read_page
from services.segment.page.rows import rows_of
from services.segment.segmentation import draft_from, segment_issue, segment_with
from services.tag.tagging import Tagger
from services.text.cleaning import clean_page
from services.topics.taxonomy.seed import seed_taxonomy
from training.segmentation.corpus import issue_folders, page_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from services.segment.article import SegmentedIssue
    from services.segment.evidence.page_evidence import Evidence
    from services.segment.layout.reading import Reading

ROUNDS = 3
ISSUES = 12
GROWTH = (1, 10, 100)
ARRIVING = 10
NAMEPLATE = "海湾日报"  # (Bay Daily) printed on every page: what stands on several pages is read otherwise


def seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """CPU seconds of the quickest of `rounds` runs."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        times.append(time.process_time() - begun)
    return min(times)


def steps(pages: Sequence[str]) -> list[tuple[str, float]]:
    """CPU seconds for all `pages` of each step of segmentation, each with the steps before it."""
    models = shipped_models()
    cleaned = [clean_page(text) for text in pages]
    rows = [rows_of(1, text) for text in pages]
    read = [read_page(1, r) for r in rows]

    def recognise() -> list[Evidence]:
        return [recognised(page, row_features(page, {}), models) for page in read]

    def search(evidence: Evidence) -> Reading:
        cutting = cutting_of(evidence, models.flow, models.heads)
        return best_reading(search_space(evidence, cutting, caption_groups(evidence)), models.fast_headlines)

    seen = recognise()
    drafts = [draft_from(e, models) for e in seen]
    return [
        ("clean text", seconds(lambda: [clean_page(text) for text in pages])),
        ("rows", seconds(lambda: [rows_of(1, text) for text in pages])),
        ("characters and words", seconds(lambda: [read_page(1, r) for r in rows])),
        ("features and roles", seconds(recognise)),
        ("boundaries", seconds(lambda: [cutting_of(e, models.flow, models.heads) for e in seen])),
        ("boundaries and search", seconds(lambda: [search(e) for e in seen])),
        ("all up to matching", seconds(lambda: [draft_from(e, models) for e in recognise()])),
        ("assembly", seconds(lambda: [assemble([d], {1: lines}) for d, lines in zip(drafts, cleaned, strict=True)])),
    ]


def tag_all(tagger: Tagger, issues: Sequence[SegmentedIssue]) -> None:
    """Tag every article of the segmented issues."""
    for issue in issues:
        for number, article in enumerate(issue.articles):
            text = "\n".join(block.text for block in article.blocks)
            if text:
                tagger.tag(article_of(number, article.headline, text, "2020-01-02"))


def arrivals(pages: Mapping[int, str], segment: Callable[[Mapping[int, str]], object]) -> None:
    """Segment an issue again with each page that arrives, as the stream processor does."""
    known: dict[int, str] = {}
    for number, text in pages.items():
        known[number] = text
        segment(known)


def main() -> int:
    """Print the ratio, the time of each step, and how time grows; return 0, even without a bench."""
    root = bench_folder() / "segmentation" / "dev"
    folders = issue_folders([root])[:ISSUES]
    if not folders:
        print(f"No segmentation bench at {root}: set BROADSHEET_BENCH to the folder that holds it.")
        return 0
    issues = [page_texts(folder) for folder in folders]
    pages = [text for issue in issues for text in issue.values()]
    models = shipped_models()
    segmented = [segment_with(models, issue) for issue in issues]
    tagger = Tagger(seed_taxonomy())
    tag_all(tagger, segmented[:1])
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    cutting = seconds(lambda: [jieba.lcut(text) for text in pages])
    segmenting = seconds(lambda: [segment_with(models, issue) for issue in issues])
    tagging = seconds(lambda: tag_all(tagger, segmented))
    share = 1000 / len(pages)
    print(f"{len(pages)} pages, milliseconds a page of CPU time, best of {ROUNDS}")
    print(f"  segment {segmenting * share:.1f}, tag {tagging * share:.1f}, jieba.lcut {cutting * share:.1f}")
    print(f"  segmenting and tagging take {(segmenting + tagging) / cutting:.1f} x jieba.lcut")
    for name, spent in steps(pages):
        print(f"  {name:24s} {spent * share:6.1f}")
    for times in GROWTH:
        text = "\n".join([pages[0]] * times)
        spent = seconds(partial(segment_with, models, {1: text}), 1)
        print(f"  a page {times:3d} times as long: {spent:8.3f} s, {spent / times * 1000:6.1f} ms a page")
    arriving = {number: f"{NAMEPLATE}\n{text}" for number, text in enumerate(pages[:ARRIVING], 1)}
    anew = seconds(lambda: arrivals(arriving, lambda known: segment_with(models, known)), 1)
    kept = seconds(lambda: arrivals(arriving, segment_issue), 1)
    print(f"  {ARRIVING} pages one by one: {kept:.3f} s; {anew:.3f} s if each arrival read all pages again")
    return 0


if __name__ == "__main__":
    sys.exit(main())
