"""The verdict: whatever is lost, doubled or stale is seen, and nothing else."""

from __future__ import annotations

import copy
import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from services.runtime.messages.records import Record
from tests.faults.judging import expectation
from tests.faults.judging.expectation import Holdings, digest
from tests.faults.judging.verdict import judge
from tests.faults.work.workload import meanings, workload

if TYPE_CHECKING:
    from collections.abc import Sequence


MEANINGS = meanings(workload(8, 12))


def expected(published: Sequence[Record], corrections: Sequence[Record] = ()) -> Holdings:
    """Work out what must be held, and have what was found look like it."""
    holdings = expectation.expected(published, corrections, MEANINGS)
    holdings.segmented = Counter(holdings.tagged)
    holdings.titles = dict(holdings.chosen)
    return holdings


def raw(seed: int, issues: int) -> list[Record]:
    messages = [message for message in workload(seed, issues) if message.topic == "raw"]
    return [
        Record("issues.raw", 0, offset, each.timestamp, each.key, each.value, each.headers)
        for offset, each in enumerate(messages)
    ]


def correction(offset: int, article_id: str, change: dict[str, str]) -> Record:
    content = {
        "correction_id": f"{offset:032x}",
        "article_id": article_id,
        "by": "周敏",
        "at": "2023-09-01T08:00:00Z",
        "change": change,
    }
    return Record("corrections", 0, offset, 0, article_id.rpartition("/")[0].encode(), json.dumps(content).encode())


@pytest.fixture(scope="module")
def published() -> Sequence[Record]:
    return raw(seed=8, issues=12)


@pytest.fixture(scope="module")
def corrected(published: Sequence[Record]) -> Sequence[Record]:
    found = sorted(expected(published).visible)
    return [
        *(correction(offset, found[offset], {"change": "headline", "headline": "渔港更正"}) for offset in range(3)),
        correction(3, found[3], {"change": "take_back", "taken_back": f"{0:032x}"}),
        Record("corrections", 0, 4, 0, b"stray", b"{"),
    ]


@pytest.fixture(scope="module")
def must(published: Sequence[Record], corrected: Sequence[Record]) -> Holdings:
    return expected(published, corrected)


@pytest.fixture
def does(must: Holdings) -> Holdings:
    return copy.deepcopy(must)


def an_article(holdings: Holdings) -> tuple[str, str]:
    return "articles", min(holdings.visible)


def test_what_holds_exactly_what_it_must_passes(must: Holdings, does: Holdings) -> None:
    verdict = judge(must, does)
    assert verdict.holds
    assert verdict.words() == []
    assert verdict.repeated == 0


def test_there_is_something_to_judge(must: Holdings) -> None:
    assert len(must.lines) == 13
    assert len(must.visible) > 12
    assert any(standing.withdrawn for standing in must.documents.values())
    assert must.quarantined
    assert all(times == 1 for lines in must.lines.values() for times in lines.values())


def test_an_article_that_is_missing_is_lost(must: Holdings, does: Holdings) -> None:
    kind, name = an_article(does)
    del does.documents[kind, name]
    does.visible.remove(name)
    verdict = judge(must, does)
    assert verdict.lost == (f"articles {name}", f"not found by a search: {name}")
    assert not verdict.holds


def test_a_tombstone_that_is_missing_is_lost(must: Holdings, does: Holdings) -> None:
    gone = next(place for place, standing in does.documents.items() if standing.withdrawn)
    del does.documents[gone]
    assert judge(must, does).lost == (f"articles {gone[1]}",)


def test_a_line_that_no_document_claims_is_lost(must: Holdings, does: Holdings) -> None:
    issue = next(name for name, lines in does.lines.items() if lines)
    page, line = min(does.lines[issue])
    del does.lines[issue][page, line]
    assert judge(must, does).lost == (f"{issue} page {page} line {line}",)


def test_a_version_that_never_came_to_the_topic_is_lost(must: Holdings, does: Holdings) -> None:
    key, version = next(iter(does.tagged))
    del does.tagged[key, version]
    assert judge(must, does).lost == (f"not on the topic of tagged articles: {key} at {version}",)


def test_what_a_later_correction_superseded_may_be_missing_but_the_last_may_not(published: Sequence[Record]) -> None:
    name = min(expected(published).visible)
    change = {"change": "headline", "headline": "渔港更正"}
    must = expected(published, [correction(offset, name, change) for offset in range(2)])
    does = copy.deepcopy(must)
    first, last = sorted(version for key, version in must.passing if key == name)
    del does.tagged[name, first]
    does.tagged[name, last] += 1
    verdict = judge(must, does)
    assert verdict.holds
    assert verdict.repeated == 0
    del does.tagged[name, last]
    assert judge(must, does).lost == (f"not on the topic of tagged articles: {name} at {last}",)


def test_what_one_correction_changed_and_another_changed_back_may_never_be_sent(published: Sequence[Record]) -> None:
    name = min(expected(published).visible)
    change = {"change": "headline", "headline": "渔港更正"}
    back = {"change": "take_back", "taken_back": f"{0:032x}"}
    must = expected(published, [correction(0, name, change), correction(1, name, back)])
    does = copy.deepcopy(must)
    versions = sorted(version for key, version in must.passing if key == name)
    before = max(version for key, version in must.tagged if key == name and version < versions[0])
    for version in versions:
        del does.tagged[name, version], does.segmented[name, version]
    does.last[name] = before
    does.documents["articles", name] = replace(does.documents["articles", name], version=before)
    assert judge(must, does).words() == []
    does.documents["articles", name] = replace(does.documents["articles", name], digest="another")
    assert judge(must, does).lost


def test_where_kafka_forgot_a_group_superseded_versions_may_be_missing_but_the_last_may_not(
    published: Sequence[Record],
) -> None:
    must = expected(published)
    key, version = next((key, version) for key, version in must.tagged if version != must.last[key])
    does = copy.deepcopy(must)
    del does.tagged[key, version]
    assert judge(must, does).lost == (f"not on the topic of tagged articles: {key} at {version}",)
    verdict = judge(must, does, forgotten=True)
    assert verdict.holds
    assert verdict.skipped == 1
    del does.tagged[key, must.last[key]]
    assert judge(must, does, forgotten=True).lost == (
        f"not on the topic of tagged articles: {key} at {must.last[key]}",
    )


def test_an_article_under_a_second_id_is_doubled_and_so_are_its_lines(must: Holdings, does: Holdings) -> None:
    issue = next(name for name, lines in does.lines.items() if lines)
    does.documents["articles", "second"] = does.documents[an_article(does)]
    does.visible.add("second")
    page, line = min(does.lines[issue])
    does.lines[issue][page, line] += 1
    verdict = judge(must, does)
    assert verdict.doubled == ("articles second", f"{issue} page {page} line {line}: claimed 2 times")
    assert verdict.stale == ("found by a search: second",)


@pytest.mark.parametrize(
    "change", [{"revision": 0}, {"version": 1}, {"withdrawn": True}, {"digest": digest(b"another text")}]
)
def test_a_document_that_stands_otherwise_is_stale(
    must: Holdings, does: Holdings, change: dict[str, int | bool | str]
) -> None:
    place = an_article(does)
    does.documents[place] = replace(does.documents[place], **change)  # type: ignore[arg-type]  # a field of each type
    verdict = judge(must, does)
    assert len(verdict.stale) == 1
    assert not verdict.lost
    assert not verdict.holds


def test_an_older_version_that_is_last_on_the_compacted_topic_is_stale(must: Holdings, does: Holdings) -> None:
    key = an_article(does)[1]
    does.last[key] -= 1
    assert len(judge(must, does).stale) == 1


@pytest.mark.parametrize("topic", ["issues", "segmented", "tagged"])
def test_repeated_records_are_forgiven_only_where_kafka_forgot(must: Holdings, does: Holdings, topic: str) -> None:
    counts = getattr(does, topic)
    counts[next(iter(counts))] += 2
    verdict = judge(must, does)
    assert verdict.words() == ["repeated: 2 records"]
    assert judge(must, does, forgotten=True).holds


def test_a_record_that_came_twice_and_led_to_one_is_lost(must: Holdings, does: Holdings) -> None:
    each = next(each for each, times in must.tagged.items() if times > 1)
    does.tagged[each] -= 1
    assert judge(must, does).lost == (f"not often enough on the topic of tagged articles: {each[0]} at {each[1]}",)


def test_where_pages_and_corrections_met_only_the_last_version_counts(must: Holdings, does: Holdings) -> None:
    key, version = next((key, version) for key, version in must.tagged if version != must.last[key])
    del does.tagged[key, version]
    does.tagged[key, version + 1] += 1
    assert not judge(must, does).holds
    loose = copy.deepcopy(must)
    loose.loose = frozenset({key.rpartition("/")[0], key})
    assert judge(loose, does).holds


def test_what_an_editor_chose_and_does_not_hold_is_stale(must: Holdings, does: Holdings) -> None:
    place = next(iter(must.chosen))
    does.titles[place] = "渔港"
    assert len(judge(must, does).stale) == 1


@pytest.mark.parametrize("what", ["disordered", "wandering", "unsearchable", "unkept", "rebuilt"])
def test_what_only_the_findings_tell_is_wrong_by_itself(must: Holdings, does: Holdings, what: str) -> None:
    getattr(does, what).append("渔港日报/2023-08-01/0")
    assert len(judge(must, does).words()) == 1


def test_what_nothing_showed_is_wrong(must: Holdings, does: Holdings) -> None:
    assert judge(must, does, unseen=["/ready"]).words() == ["unseen: /ready"]


def test_the_quarantine_must_hold_each_refused_message_once(must: Holdings, does: Holdings) -> None:
    refusal = next(iter(does.quarantined))
    does.quarantined[refusal] += 1
    assert len(judge(must, does).wrongly_quarantined) == 1
    del does.quarantined[refusal]
    assert len(judge(must, does).not_quarantined) == 1


def test_an_issue_that_had_been_lost_on_the_way_is_seen(
    published: Sequence[Record], corrected: Sequence[Record], must: Holdings
) -> None:
    for issue in must.lines:
        others = [record for record in published if record.key != issue.encode()]
        verdict = judge(must, expected(others, corrected))
        assert len(verdict.lost) > len(must.lines[issue])
        assert not verdict.doubled


def test_an_editors_correction_that_had_been_lost_on_the_way_is_seen(
    published: Sequence[Record], corrected: Sequence[Record], must: Holdings
) -> None:
    for each in corrected[:4]:
        verdict = judge(must, expected(published, [one for one in corrected if one is not each]))
        assert verdict.stale
        assert not verdict.doubled
    without = judge(must, expected(published, corrected[:4]))
    assert len(without.not_quarantined) == 1


def test_a_last_correction_that_had_been_lost_on_the_way_is_seen(published: Sequence[Record]) -> None:
    must = expected(published)
    tried = 0
    for issue, standing in ((name, one) for (kind, name), one in must.documents.items() if kind == "issues"):
        own = [record for record in published if record.key == issue.encode()]
        before = expected(own[:-1]).documents.get(("issues", issue))
        if before is not None and before != standing:
            tried += 1
            assert judge(must, expected([record for record in published if record is not own[-1]])).stale
    assert tried > 1


def test_the_order_of_different_issues_does_not_matter(
    published: Sequence[Record], corrected: Sequence[Record], must: Holdings
) -> None:
    by_issue = sorted(published, key=lambda record: record.key or b"")
    other = expected(by_issue, corrected)
    assert judge(must, other).holds
    assert other.tagged == must.tagged
    assert Counter(other.quarantined) == must.quarantined
