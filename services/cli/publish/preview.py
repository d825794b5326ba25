"""`broadsheet preview`: run the pure functions of the stream processors, without any server."""

from __future__ import annotations

import datetime as dt
import json
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from schemas.article import Article
from services.arrivals.reading import read_arrival
from services.cli.publish.inputs import IssueOptions, Source, from_bytes, in_options, read_sources
from services.cli.shared.console import EXIT_FAILED, err, out
from services.ingest.known_pages import KnownIssue, from_state
from services.runtime.errors import BroadsheetError, Rejected
from services.segment.edition.corrections import correct
from services.segment.edition.identity import assign_ids
from services.segment.edition.messages import messages
from services.segment.segmentation import segment_issue
from services.tag.tagging import Tagger
from services.topics.taxonomy.seed import seed_taxonomy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from schemas.article import IssueRecord, Quality
    from schemas.geometry import Geometry
    from schemas.issue import Issue, Page
    from schemas.tagged import TaggedArticle
    from services.segment.article import SegmentedIssue

UNKNOWN_PAPER = "未署名报纸"
"""The paper's name for loose pages (unsigned paper); a preview does not need the real name."""


@dataclass(frozen=True, slots=True)
class PreviewOutput:
    """The form of the result: tables, JSON, line spans of a folder of issues, or an HTML page."""

    as_json: bool = False
    spans: Path | None = None
    html: Path | None = None


@dataclass(frozen=True, slots=True)
class PreviewedIssue:
    """An issue as the pipeline would produce it."""

    issue: Issue
    segmented: SegmentedIssue
    articles: tuple[TaggedArticle, ...]
    record: IssueRecord


def preview_paths(paths: Sequence[Path], given: IssueOptions, show: PreviewOutput) -> int:
    """Preview the pages in `paths` and return the exit code: 1 if a page was refused."""
    if show.spans is not None:
        return write_spans(paths, show.spans)
    if not paths or [str(path) for path in paths] == ["-"]:
        sources = [from_bytes(sys.stdin.buffer.read(), None, given, "preview", 0)]
    else:
        sources = read_sources(paths, given, "preview", 0)
    issues, refused = known_issues(sources)
    tagger = Tagger(seed_taxonomy())
    previews = [preview_issue(issue.issue(), tagger) for issue in issues]
    if show.html is not None:
        write_html(previews, show.html)
    elif show.as_json:
        sys.stdout.write(as_json(previews))
    else:
        from services.cli.shared.tables import article_panels

        for preview in previews:
            out.print(f"[bold]{preview.issue.issue_id}[/bold]")
            article_panels(out, preview.articles)
            quality = preview.record.quality
            out.print(f"[dim]{quality.placed} of {quality.lines} lines placed, {quality.articles} articles[/dim]")
            out.print(f"[dim]{damage_line(quality)}[/dim]\n")
    for origin, reason in refused:
        err.print(f"{origin}: {reason}", style="red", markup=False, soft_wrap=True)
    return EXIT_FAILED if refused else 0


def damage_line(quality: Quality) -> str:
    """Return a line about the damage in an issue's text; empty if there is none."""
    if not quality.lines_cleaned:
        return ""
    kinds = ", ".join(f"{one.kind} {one.lines}" for one in quality.damage)
    return f"{quality.unreadable_characters} characters unread, {quality.lines_cleaned} lines cleaned: {kinds}"


def known_issues(sources: Iterable[Source]) -> tuple[list[KnownIssue], list[tuple[str, str]]]:
    """Return the issues of the sources, and the refused sources with their reasons."""
    known: dict[str, KnownIssue] = {}
    refused: list[tuple[str, str]] = []
    for place, source in enumerate(sources, start=1):
        if source.refused:
            refused.append((source.origin, source.refused))
            continue
        try:
            arrival = read_arrival(_completed(source, place).record)
            before = known.get(arrival.issue_id) or from_state(None, arrival)
            known[arrival.issue_id] = before.take_in(arrival)
        except Rejected as error:
            refused.append((source.origin, in_options(str(error))))
    return list(known.values()), refused


def preview_issue(issue: Issue, tagger: Tagger) -> PreviewedIssue:
    """Return what the pipeline makes of an issue that it has not seen before."""
    pages = {page.page: page.text for page in issue.pages}
    segmented = segment_issue(pages, geometries=_geometries(issue.pages))
    known = assign_ids(issue.issue_id, segmented.articles, (), issue.version)
    found = list(messages(issue, correct(segmented, known, (), pages)))
    articles = tuple(tagger.tag(message) for message in found if isinstance(message, Article))
    record = found[-1]
    assert record.type == "issue"
    return PreviewedIssue(issue, segmented, articles, record)


def as_json(previews: Iterable[PreviewedIssue]) -> str:
    """Return the issues with their articles as one JSON text."""
    issues = [
        {
            "issue": preview.record.model_dump(mode="json"),
            "articles": [article.model_dump(mode="json") for article in preview.articles],
        }
        for preview in previews
    ]
    return json.dumps(issues, ensure_ascii=False, indent=2) + "\n"


def write_spans(paths: Sequence[Path], target: Path) -> int:
    """Segment every issue folder in a folder, write {issue: line spans} as JSON, and return the exit code.

    It reads only page files and meta.json.

    Raises:
        BroadsheetError: there is not exactly one folder, or it has no issue folders.
    """
    from rich.progress import track

    from services.segment.views.spans import prediction

    if len(paths) != 1 or not paths[0].is_dir():
        raise BroadsheetError("--spans takes one folder, which has a folder per issue with page-NN.txt files")
    folders = sorted(
        {page.parent for page in paths[0].glob("*/page-*.txt")} | {p.parent for p in paths[0].glob("page-*.txt")}
    )
    if not folders:
        raise BroadsheetError(f"{paths[0]}: neither this folder nor the folders in it have a page-NN.txt")
    predictions: dict[str, Any] = {}
    for folder in track(folders, "segmenting", console=err, transient=True):
        issues, refused = known_issues(
            read_sources([folder], IssueOptions(paper="预览", date="2000-01-01"), "preview", 0)
        )
        if refused:
            raise BroadsheetError("\n".join(f"{origin}: {reason}" for origin, reason in refused))
        found = [page for issue in issues for page in issue.pages.values()]
        pages = {page.page: page.text for page in found}
        predictions[folder.name] = prediction(segment_issue(pages, geometries=_geometries(found)))
    target.write_text(json.dumps(predictions, ensure_ascii=False), encoding="utf-8")
    err.print(f"{len(predictions)} issues written to {target}")
    return 0


def write_html(previews: Sequence[PreviewedIssue], target: Path) -> None:
    """Write the pages with their lines coloured by article and role."""
    from services.segment.views.page_html import render

    if len(previews) != 1:
        raise BroadsheetError(f"--html shows one issue, but these pages belong to {len(previews)}")
    preview = previews[0]
    pages = {page.page: page.text for page in preview.issue.pages}
    geometries = _geometries(preview.issue.pages)
    target.write_text(render(pages, preview.segmented, preview.issue.issue_id, geometries), encoding="utf-8")
    err.print(f"written to {target}")


def _geometries(pages: Iterable[Page]) -> dict[int, Geometry]:
    return {page.page: page.geometry for page in pages if page.geometry is not None}


def _completed(source: Source, place: int) -> Source:
    """Return a text source with stand-ins for paper, date and page, which a preview does not need."""
    record = source.record
    if record.header("content-type") != "text/plain":
        return source
    stand_ins = {"paper": UNKNOWN_PAPER, "date": dt.date.today().isoformat(), "page": str(place)}  # noqa: DTZ011  # the user's day
    added = tuple(
        (name, value.encode())
        for name, value in stand_ins.items()
        if record.header(name) is None and not (name == "page" and record.header("pages"))
    )
    return Source(source.origin, replace(record, headers=(*record.headers, *added)))
