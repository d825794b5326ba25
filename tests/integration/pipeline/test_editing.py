"""What editors correct: on top of every later revision, through rebuilding and replaying, and undone again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from services.runtime.messages.quarantine import read_quarantined
from tests.integration.pipeline.pages import BRIDGE, CUSTOMS, FISHING, SCHOOLS

if TYPE_CHECKING:
    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers

FISHING_HEADLINE = "渔港三百艘渔船今晨开渔"
BRIDGE_HEADLINE = "跨海大桥全线合龙"
CUSTOMS_HEADLINE = "海关查获走私香烟两千条"
BETTER = "三百余艘渔船今晨出海"


def edit(pipeline: Pipeline, article_id: str, *options: str, by: str = "周敏") -> str:
    """Correct an article by the command, wait until all is done, and return the correction's id."""
    result = pipeline.run("correct", article_id, *options, "--by", by)
    assert result.exit_code == 0, result.output
    pipeline.settle()
    return result.stdout.split()[2]


def ids(pipeline: Pipeline, paper: str) -> dict[str, str]:
    return {headline: found["article_id"] for headline, found in pipeline.documents(paper).items()}


def states(document: dict[str, Any]) -> list[str]:
    return [one["state"] for one in document["article"].get("corrections", ())]


def test_a_headline_holds_for_later_revisions_and_says_who_and_when(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    before = ids(pipeline, paper)
    edit(pipeline, before[FISHING_HEADLINE], "--headline", BETTER)
    assert ids(pipeline, paper) == {BETTER: before[FISHING_HEADLINE], BRIDGE_HEADLINE: before[BRIDGE_HEADLINE]}
    found = json.loads(pipeline.run("search", "标题:三百余艘", "--paper", paper, "--json").stdout)["articles"]
    assert [one["headline"] for one in found] == [BETTER]
    pipeline.publish(paper, {1: FISHING.replace("两千斤", "三千斤")}, revision=2)
    document = pipeline.documents(paper)[BETTER]
    assert "三千斤" in json.dumps(document["article"], ensure_ascii=False)
    assert (document["corrected"], document["corrected_by"], document["revision"]) == (["headline"], ["周敏"], 2)
    (shown,) = document["article"]["corrections"]
    assert (shown["by"], shown["state"], shown["before"]) == ("周敏", "applied", FISHING_HEADLINE)
    assert document["corrected_at"][:16] == shown["at"][:16]
    traced = pipeline.run("trace", f"{paper}/2023-08-15").stdout
    assert shown["correction_id"][:8] in traced
    assert "周敏" in traced


def test_a_merge_withdraws_the_other_and_taken_back_gives_both_ids_back(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    before = pipeline.documents(paper)
    fishing, bridge = before[FISHING_HEADLINE]["article_id"], before[BRIDGE_HEADLINE]["article_id"]
    merged = edit(pipeline, fishing, "--merge", bridge)
    (one,) = pipeline.documents(paper).values()
    assert (one["article_id"], one["page"]) == (fishing, [1, 2])
    assert [each["article_id"] for each in pipeline.stored(paper) if each["withdrawn"]] == [bridge]
    assert pipeline.record(paper)["articles"] == 1
    edit(pipeline, fishing, "--take-back", merged[:8], by="吴启明")
    after = pipeline.documents(paper)
    assert ids(pipeline, paper) == {FISHING_HEADLINE: fishing, BRIDGE_HEADLINE: bridge}
    assert after[BRIDGE_HEADLINE]["article"]["body"] == before[BRIDGE_HEADLINE]["article"]["body"]
    (shown,) = after[FISHING_HEADLINE]["article"]["corrections"]
    assert (shown["state"], shown["taken_back_by"]) == ("taken_back", "吴启明")


def test_a_split_gives_an_article_of_its_own_and_taken_back_withdraws_it(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING}, revision=1)
    whole = pipeline.documents(paper)[FISHING_HEADLINE]
    begins = [block["text"] for block in whole["article"]["body"]][-1]
    made = edit(pipeline, whole["article_id"], "--split", begins[:6], "--headline", "出海的船更多")
    after = pipeline.documents(paper)
    assert after["出海的船更多"]["article_id"] == f"{paper}/2023-08-15/{made[:12]}"
    assert [block["text"] for block in after["出海的船更多"]["article"]["body"]] == [begins]
    spans = [span for one in after.values() for span in one["article"]["spans"]]
    lines = sorted((s["page"], line) for s in spans for line in range(s["first"], s["last"] + 1))
    assert len(lines) == len(set(lines)) == sum(span["last"] - span["first"] + 1 for span in whole["article"]["spans"])
    edit(pipeline, whole["article_id"], "--take-back", made)
    assert ids(pipeline, paper) == {FISHING_HEADLINE: whole["article_id"]}
    assert [each["withdrawn"] for each in pipeline.stored(paper)].count(True) == 1


def test_topics_and_kind_that_were_chosen_survive_tagging_again(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING, 2: CUSTOMS}, revision=1)
    before = ids(pipeline, paper)
    edit(pipeline, before[FISHING_HEADLINE], "--topics", "industry,customs")
    edit(pipeline, before[CUSTOMS_HEADLINE], "--topics", "")
    edit(pipeline, before[CUSTOMS_HEADLINE], "--kind", "notice")

    def check() -> None:
        found = pipeline.documents(paper)
        assert found[FISHING_HEADLINE]["topic"] == ["industry", "customs"]
        assert [topic["score"] for topic in found[FISHING_HEADLINE]["article"]["topics"]] == [1.0, 1.0]
        customs = found[CUSTOMS_HEADLINE]
        assert (customs.get("topic"), customs["kind"], states(customs)) == (None, "notice", ["applied", "applied"])
        assert customs["article"]["corrections"][0]["before"] == "customs"

    check()
    assert pipeline.run("retag", "--all").exit_code == 0
    pipeline.settle()
    check()


def test_corrections_survive_a_rebuild_of_the_index(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    before = ids(pipeline, paper)
    edit(pipeline, before[FISHING_HEADLINE], "--headline", BETTER)
    edit(pipeline, before[FISHING_HEADLINE], "--merge", before[BRIDGE_HEADLINE])
    stored = pipeline.stored(paper)
    result = pipeline.run("rebuild")
    assert result.exit_code == 0, result.output
    assert pipeline.stored(paper) == stored


def test_a_correction_before_its_issue_waits_for_it(pipeline: Pipeline, paper: str) -> None:
    """Between two topics there is no order; a replay may well read corrections first."""
    pipeline.publish(paper, {1: FISHING}, revision=1)
    article_id = ids(pipeline, paper)[FISHING_HEADLINE]
    other = f"{paper}早"
    early = {
        "correction_id": "0123456789abcdef0123456789abcdef",
        "article_id": f"{other}/2023-08-15/{article_id[-12:]}",
        "by": "周敏",
        "at": "2023-08-15T06:00:00+08:00",
        "change": {"change": "headline", "headline": BETTER},
    }
    key = f"{other}/2023-08-15".encode()
    pipeline.send_to(pipeline.settings.names.corrections, key, json.dumps(early).encode())
    pipeline.settle()
    assert pipeline.documents(other) == {}
    pipeline.publish(other, {1: FISHING}, revision=1)
    (document,) = pipeline.documents(other).values()
    assert document["version"] == 1 * 2048 + 1


def test_what_is_no_correction_goes_to_quarantine_with_words(pipeline: Pipeline, paper: str) -> None:
    good = {
        "correction_id": "f" * 32,
        "article_id": f"{paper}/2023-08-15/0123456789ab",
        "by": "周敏",
        "at": "2023-08-15T06:00:00Z",
        "change": {"change": "headline", "headline": "新"},
    }
    key = f"{paper}/2023-08-15".encode()
    bad = [
        good | {"by": ""},
        good | {"change": {"change": "headline", "headlne": "新"}},
        good | {"article_id": f"{paper}/2023-08-16/0123456789ab"},
        good | {"by": "别人"},
    ]
    for one in (good, *bad):
        pipeline.send_to(pipeline.settings.names.corrections, key, json.dumps(one).encode())
    pipeline.settle()
    kept = [one for one in pipeline.records(pipeline.settings.names.quarantine) if one.key == key]
    told = [read_quarantined(one) for one in kept]
    assert [one.topic for one in told] == [pipeline.settings.names.corrections] * len(bad)
    for one, said in zip(
        told, ("by: ", "headlne: unknown field", "disagrees with article_id", "other content"), strict=True
    ):
        assert said in one.error


def test_the_command_refuses_what_is_not_there_and_sends_nothing(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    article_id = ids(pipeline, paper)[FISHING_HEADLINE]
    sent = len(pipeline.records(pipeline.settings.names.corrections))
    for options, said in (
        (("--topics", "opera"), "--topics: opera is not in taxonomy"),
        (("--split", "没有这一段"), "--split: no paragraph"),
        (("--merge", f"{paper}/2023-08-15/ffffffffffff"), "There is no article"),
        (("--take-back", "ffff"), "--take-back: 'ffff' is not a correction"),
        (("--kind", "poem"), "kind"),
        ((), "Give one of --headline"),
        (("--headline", "新", "--kind", "story"), "Give one of --headline"),
    ):
        result = pipeline.run("correct", article_id, *options, "--by", "周敏")
        assert (result.exit_code, result.stdout) == (1, "")
        assert said in result.stderr
    assert len(pipeline.records(pipeline.settings.names.corrections)) == sent


def as_read(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document without its version: after a rewind, all articles have their issue's (decision 0013)."""
    kept = {name: value for name, value in document.items() if name not in {"version", "revision", "contents"}}
    if "article" in kept:
        kept["article"] = as_read(kept["article"])
    return kept


def test_a_replay_from_nothing_gives_the_very_same_index(pipeline: Pipeline, paper: str) -> None:
    """The same articles in the same words under the same ids, and none too many."""
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE, 3: SCHOOLS}, revision=1)
    before = ids(pipeline, paper)
    edit(pipeline, before[FISHING_HEADLINE], "--headline", BETTER)
    merged = edit(pipeline, before[FISHING_HEADLINE], "--merge", before[BRIDGE_HEADLINE])
    pipeline.publish(paper, {1: FISHING.replace("两千斤", "三千斤")}, revision=2)
    edit(pipeline, before[FISHING_HEADLINE], "--topics", "industry")
    edit(pipeline, before[FISHING_HEADLINE], "--take-back", merged)
    stored, record = pipeline.stored(paper), pipeline.record(paper)
    assert sorted(ids(pipeline, paper).values()) == sorted(before.values())
    pipeline.begin_anew()
    assert [as_read(one) for one in pipeline.stored(paper)] == [as_read(one) for one in stored]
    assert as_read(pipeline.record(paper)) == as_read(record)
    assert pipeline.record(paper)["contents"].keys() == record["contents"].keys()
