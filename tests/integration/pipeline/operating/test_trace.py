"""Where is my story? What `broadsheet trace` says of what is done, under way, refused, withdrawn or unknown."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.pipeline.conftest import message
from tests.integration.pipeline.pages import BRIDGE, FISHING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers

TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
FISHING_HEADLINE = "渔港三百艘渔船今晨开渔"


def traced(pipeline: Pipeline, subject: str) -> dict[str, Any]:
    result = pipeline.run("trace", subject, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def article(found: dict[str, Any], headline: str) -> dict[str, str]:
    (row,) = [row for row in found["articles"] if row["headline"] == headline]
    return {name: TIME.sub("TIME", text) for name, text in row.items()}


def test_pages_and_articles_are_traced_to_the_index_with_times(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=3)
    issue = f"{paper}/2023-08-15"
    found = traced(pipeline, issue)
    assert [(row["page"], row["revision"]) for row in found["pages"]] == [("1", "3"), ("2", "3")]
    assert all(TIME.fullmatch(row[step]) for row in found["pages"] for step in ("published", "ingested"))
    fishing = article(found, FISHING_HEADLINE)
    assert (fishing["segmented"], fishing["tagged"], fishing["indexed"]) == ("TIME", "TIME", "searchable")
    assert len(found["articles"]) == 3
    alone = traced(pipeline, fishing["article"])
    assert (article(alone, FISHING_HEADLINE), alone["pages"]) == (fishing, [])
    shown = pipeline.run("trace", issue).stdout
    assert f"pages of {issue}" in shown
    assert "searchable" in shown


def test_what_is_under_way_is_seen_at_the_stage_it_has_reached(
    pipeline: Pipeline, paper: str, eventually: Callable[[Callable[[], bool]], None]
) -> None:
    issue = f"{paper}/2023-08-15"
    pipeline.publish(paper, {1: FISHING}, revision=1)
    with pipeline.stopped("tag"):
        pipeline.send_only(message(paper, {1: FISHING.replace("两千斤", "三千斤"), 2: BRIDGE}, revision=2))
        eventually(lambda: any(row["headline"] == "跨海大桥全线合龙" for row in traced(pipeline, issue)["articles"]))
        found = traced(pipeline, issue)
        bridge, fishing = (article(found, headline) for headline in ("跨海大桥全线合龙", FISHING_HEADLINE))
        assert (bridge["segmented"], bridge["tagged"], bridge["indexed"]) == ("TIME", "not yet", "not yet")
        assert fishing["segmented"] == "TIME"
        assert fishing["tagged"] == "TIME (older version)"
        assert fishing["indexed"] == "searchable (older version)"
    with pipeline.stopped("ingest"):
        pipeline.send_only(message(paper, {3: BRIDGE}, revision=3))
        assert [row["ingested"] == "not yet" for row in traced(pipeline, issue)["pages"]] == [False, False, True]
    with pipeline.stopped("segment"):
        eventually(lambda: traced(pipeline, issue)["waiting"])
    pipeline.settle()
    found = traced(pipeline, issue)
    assert {row["indexed"] for row in found["articles"]} == {"searchable"}
    assert not found["waiting"]


def test_what_is_in_quarantine_is_named(pipeline: Pipeline, paper: str) -> None:
    issue = f"{paper}/2023-08-15"
    pipeline.publish(paper, {1: FISHING}, revision=1)
    pipeline.send((issue.encode(), b"\x89PNG\r\n\x1a\n\x00\xff", {"paper": paper, "date": "2023-08-15", "page": "2"}))
    (row,) = traced(pipeline, issue)["quarantine"]
    assert (row["stage"], row["tries"], bool(TIME.fullmatch(row["since"])), bool(row["error"])) == (
        "ingest",
        "1",
        True,
        True,
    )
    assert f"quarantine {row['message']}: ingest" in pipeline.run("trace", issue).stdout
    assert pipeline.run("quarantine", "show", row["message"]).exit_code == 0


def test_what_is_withdrawn_is_said_to_be(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING}, revision=1)
    pipeline.publish(paper, {}, revision=2, withdrawn=True)
    found = traced(pipeline, f"{paper}/2023-08-15")
    assert found["pages"][0]["ingested"] == "withdrawn"
    fishing = article(found, FISHING_HEADLINE)
    assert (fishing["segmented"], fishing["tagged"], fishing["indexed"]) == (
        "withdrawn TIME",
        "withdrawn TIME",
        "withdrawn",
    )


def test_what_nobody_knows_is_an_error_that_says_so(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING}, revision=1)
    for subject, said in (
        (f"{paper}/2023-08-16", "Nothing is known about"),
        (f"{paper}无/2023-08-15/0123456789ab", "Nothing is known about"),
        (f"{paper}/2023-08-15/0123456789ab", "There is no article"),
        (paper, "neither an issue"),
        (f"{paper}//", "neither an issue"),
    ):
        result = pipeline.run("trace", subject)
        assert (result.exit_code, result.stdout) == (1, "")
        assert said in result.stderr
        assert len(result.stderr.splitlines()) <= 2


def test_pages_of_two_sections_are_traced_from_any_partition(pipeline: Pipeline, paper: str) -> None:
    """A client that chooses partitions otherwise, or sends no key, loses no page: A1 and B1 are both known."""
    issue = f"{paper}/2023-08-15"
    raw = pipeline.settings.names.raw
    for partition, page, text, key in ((0, "A01", FISHING, issue.encode()), (1, "B01", BRIDGE, None)):
        headers = [("paper", paper.encode()), ("date", b"2023-08-15"), ("page", page.encode()), ("revision", b"3")]
        pipeline.loop.run(pipeline.producer.send_and_wait(raw, text.encode(), key, partition, headers=headers))
        pipeline.settle()
    found = traced(pipeline, issue)
    assert [(row["page"], row["revision"]) for row in found["pages"]] == [("A1", "3"), ("B1", "3")]
    assert all(TIME.fullmatch(row["published"]) for row in found["pages"])
    assert found["partitions"] == [0, 1]
    pages = {headline: document["page"] for headline, document in pipeline.documents(paper).items()}
    assert pages[FISHING_HEADLINE] == ["A1"]
    assert pages["跨海大桥全线合龙"] == ["B1"]
    shown = pipeline.run("search", f"报纸:{paper} 版:B1", "--json").stdout
    assert "跨海大桥全线合龙" in shown
    assert FISHING_HEADLINE not in shown
    assert "murmur2_random" in pipeline.run("trace", issue).stdout


def test_a_page_that_changed_nothing_is_said_wherever_one_looks(pipeline: Pipeline, paper: str) -> None:
    """A number of one's own after a time: the page stood still for ever, and every light was green."""
    pipeline.publish(paper, {1: FISHING}, revision=5)
    pipeline.publish(paper, {1: FISHING.replace("两千斤", "三千斤")})
    pipeline.publish(paper, {1: FISHING.replace("两千斤", "四千斤")}, revision=6)
    assert pipeline.record(paper)["ignored_pages"] == 1
    traced = pipeline.run("trace", f"{paper}/2023-08-15")
    assert "page 1 of revision 6 changed nothing" in traced.stdout
    pipeline.publish(paper, {1: FISHING.replace("两千斤", "五千斤")})
    assert "ignored_pages" not in pipeline.record(paper)
    assert "changed nothing" not in pipeline.run("trace", f"{paper}/2023-08-15").stdout


def test_a_page_published_without_a_number_follows_the_number_that_is_known(
    pipeline: Pipeline, paper: str, tmp_path: Path
) -> None:
    """A time in ms would be greater than any number, and the newsroom's next one would change nothing."""
    pipeline.publish(paper, {1: FISHING}, revision=5)
    page = tmp_path / "page.txt"
    page.write_text(FISHING.replace("两千斤", "三千斤"), encoding="utf-8")
    pipeline.run("publish", str(page), "--paper", paper, "--date", "2023-08-15", "--page", "1")
    pipeline.settle()
    assert pipeline.record(paper)["revision"] == 6
    pipeline.publish(paper, {1: FISHING.replace("两千斤", "四千斤")}, revision=7)
    assert pipeline.record(paper)["revision"] == 7
