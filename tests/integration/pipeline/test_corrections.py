"""From publishing to the index: what is new, corrected, dropped, late, doubled or broken."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from services.runtime.messages.quarantine import original_headers, read_quarantined
from tests.integration.pipeline.pages import BRIDGE, CUSTOMS, FISHING, SCHOOLS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers

FISHING_HEADLINE = "渔港三百艘渔船今晨开渔"
BRIDGE_HEADLINE = "跨海大桥全线合龙"
CUSTOMS_HEADLINE = "海关查获走私香烟两千条"


def test_what_is_published_is_found_with_its_topics(pipeline: Pipeline, paper: str, tmp_path: Path) -> None:
    for name, page in (("page-01.txt", FISHING), ("page-02.txt", CUSTOMS)):
        (tmp_path / name).write_text(page, encoding="utf-8")
    published = pipeline.run("publish", tmp_path, "--paper", paper, "--date", "2023-08-15", "--revision", "5")
    assert (published.exit_code, published.stdout.splitlines()[-1]) == (0, "accepted 2, refused 0")
    pipeline.settle()
    found = pipeline.documents(paper)
    assert set(found) == {FISHING_HEADLINE, CUSTOMS_HEADLINE}
    customs = found[CUSTOMS_HEADLINE]
    assert (customs["topic"], customs["page"], customs["reporter"]) == (["customs"], [2], ["张关山"])
    assert (customs["revision"], customs["version"]) == (5, 5 * 2048 + 1)
    assert pipeline.record(paper)["articles"] == 2
    result = pipeline.run("search", "走私香烟", "--paper", paper, "--topic", "customs", "--facets", "--json")
    answer = json.loads(result.stdout)
    assert [article["headline"] for article in answer["articles"]] == [CUSTOMS_HEADLINE]
    assert answer["facets"]["reporter"] == {"张关山": 1}


def test_the_same_issue_again_leaves_the_very_same_documents(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    before = pipeline.stored(paper)
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    assert pipeline.stored(paper) == before
    assert len(before) == 2


def test_pages_one_by_one_end_in_the_ids_of_the_whole_at_once(pipeline: Pipeline, paper: str) -> None:
    """Ids are made of the articles alone: nothing of arrivals, topics or time is in them."""
    pipeline.publish(paper, {2: BRIDGE}, revision=1)
    pipeline.publish(paper, {1: FISHING}, revision=1)
    pages = [{"page": 1, "text": FISHING}, {"page": 2, "text": BRIDGE}]
    whole = {"paper": paper, "date": "2023-08-15", "pages": pages}
    (issue,) = json.loads(pipeline.run("preview", "-", "--json", given=json.dumps(whole).encode()).stdout)
    ids = {article["headline"]: article["article_id"] for article in issue["articles"]}
    assert {headline: found["article_id"] for headline, found in pipeline.documents(paper).items()} == ids
    assert pipeline.record(paper)["page"] == [1, 2]


def test_a_correction_keeps_the_ids_and_raises_the_version_of_what_it_changes(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    before = pipeline.documents(paper)
    pipeline.publish(paper, {1: FISHING.replace("两千斤", "三千斤")}, revision=2)
    after = pipeline.documents(paper)
    for headline in (FISHING_HEADLINE, BRIDGE_HEADLINE):
        assert after[headline]["article_id"] == before[headline]["article_id"]
    assert after[FISHING_HEADLINE]["version"] == pipeline.record(paper)["version"] > before[FISHING_HEADLINE]["version"]
    assert after[BRIDGE_HEADLINE]["version"] == before[BRIDGE_HEADLINE]["version"]
    assert pipeline.record(paper)["contents"] == {one["article_id"]: one["version"] for one in after.values()}
    assert "三千斤" in json.dumps(after[FISHING_HEADLINE]["article"], ensure_ascii=False)
    assert len(pipeline.stored(paper)) == 2


def test_an_article_that_is_dropped_is_withdrawn_and_comes_back_under_its_id(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    bridge = pipeline.documents(paper)[BRIDGE_HEADLINE]["article_id"]
    pipeline.publish(paper, {1: FISHING}, revision=2, complete=True)
    assert set(pipeline.documents(paper)) == {FISHING_HEADLINE}
    (tombstone,) = [one for one in pipeline.stored(paper) if one["withdrawn"]]
    assert (tombstone["article_id"], tombstone["version"]) == (bridge, 2 * 2048)
    assert json.loads(pipeline.run("search", "合龙", "--paper", paper, "--json").stdout)["articles"] == []
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=3)
    assert pipeline.documents(paper)[BRIDGE_HEADLINE]["article_id"] == bridge


def test_a_withdrawn_issue_disappears(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    pipeline.publish(paper, {}, revision=2, withdrawn=True)
    assert pipeline.documents(paper) == {}
    assert [one["withdrawn"] for one in pipeline.stored(paper)] == [True, True]
    assert pipeline.record(paper)["articles"] == 0


def unversioned(value: Any) -> Any:
    """Return a document without its versions: what is ignored is recorded in a version of its own."""
    if isinstance(value, dict):
        return {key: unversioned(each) for key, each in value.items() if key != "version"}
    return [unversioned(each) for each in value] if isinstance(value, list) else value


def test_an_older_revision_that_comes_late_changes_nothing(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=4)
    pipeline.publish(paper, {1: FISHING.replace("两千斤", "三千斤")}, revision=6, complete=True)
    before = [unversioned(document) for document in pipeline.stored(paper)]
    for revision, pages in ((5, {1: SCHOOLS}), (4, {1: FISHING, 2: BRIDGE}), (3, {3: CUSTOMS})):
        pipeline.publish(paper, pages, revision=revision)
        assert [unversioned(document) for document in pipeline.stored(paper)] == before


def test_one_bad_message_among_good_ones_is_kept_whole_and_the_others_go_on(pipeline: Pipeline, paper: str) -> None:
    key = f"{paper}/2023-08-15".encode()
    headers = {"content-type": "text/plain", "paper": paper, "date": "2023-08-15", "revision": "1"}
    bad = b"\x89PNG\r\n\x1a\n\x00\x00\x00\xff\xfe broken"
    pipeline.send(
        (key, FISHING.encode(), {**headers, "page": "1"}),
        (key, bad, {**headers, "page": "2", "sender": "scanner 4"}),
        (key, b'{"paper": "x"}', {"content-type": "application/json", "sender": "scanner 5"}),
        (key, None, {"sender": "scanner 6"}),
        (key, BRIDGE.encode("gb18030"), {**headers, "page": "3"}),
    )
    assert set(pipeline.documents(paper)) == {FISHING_HEADLINE, BRIDGE_HEADLINE}
    kept = [record for record in pipeline.records(pipeline.settings.names.quarantine) if record.key == key]
    assert [record.value for record in kept] == [bad, b'{"paper": "x"}', None]
    for number, record in enumerate(kept, start=4):
        about = read_quarantined(record)
        assert dict(original_headers(record.headers))["sender"] == f"scanner {number}".encode()
        assert (about.stage, about.topic, about.attempt) == ("ingest", pipeline.settings.names.raw, 1)
        assert about.error
    raw = {(r.partition, r.offset): r.value for r in pipeline.records(pipeline.settings.names.raw)}
    assert [raw[about.partition, about.offset] for about in map(read_quarantined, kept)] == [r.value for r in kept]
