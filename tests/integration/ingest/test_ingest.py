"""Ingest on the real servers: what is an issue comes out, what is not is quarantined as it was."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from schemas.contract import decode
from schemas.issue import Issue
from services.runtime.kafka.corrections import new_correction
from services.runtime.kafka.sending import partition_of
from services.runtime.messages.quarantine import original_headers, read_quarantined
from services.runtime.messages.records import Record
from tests.kafka import PARTITIONS, new_installation, publish, read_all, remaining, wait_until
from tests.unit.arrivals.test_reading import BAD_JSON, BAD_TEXT
from tests.unit.ingest.records import json_record, page_record
from tests.workers import running

if TYPE_CHECKING:
    from services.runtime.settings import Settings
    from tests.servers import Servers

pytestmark = pytest.mark.servers

BAD = {**BAD_TEXT, **{f"JSON: {name}": case for name, case in BAD_JSON.items()}}
BEYOND_KAFKA = ("a page of 50 MB", "JSON: a timestamp before 1970")
"""What Kafka itself refuses."""


@pytest.fixture
def settings(servers: Servers) -> Settings:
    return new_installation(servers)


def ingest(settings: Settings) -> list[Issue]:
    """Let ingest handle all that is published, and return the issues that came out, in order by partition."""
    with running(settings, "services.ingest") as worker:
        wait_until(
            lambda: worker.runs() and remaining(settings, "ingest", settings.names.raw) == 0,
            "every record to be committed",
        )
    return [decode(Issue, record.value) for record in read_all(settings, settings.names.issues)]


def test_every_bad_input_is_quarantined_as_it_was_and_the_stream_goes_on(settings: Settings) -> None:
    bad = [record for name, (record, _) in BAD.items() if name not in BEYOND_KAFKA]
    records: list[Record] = []
    for number, record in enumerate(bad):
        records += [record, page_record("渔港开渔", page=str(number + 1), revision="1")]
    publish(settings, settings.names.raw, records)
    issues = ingest(settings)
    assert [page.page for page in issues[-1].pages] == list(range(1, len(bad) + 1))
    found = sorted(read_all(settings, settings.names.quarantine), key=lambda each: read_quarantined(each).offset)
    assert [(each.key, each.value) for each in found] == [(each.key, each.value) for each in bad]
    for each, original in zip(found, bad, strict=True):
        assert original_headers(each.headers)[: len(original.headers)] == original.headers
        told = read_quarantined(each)
        assert (told.stage, told.topic, told.error_type) == ("ingest", settings.names.raw, "Rejected")


def test_what_is_known_of_an_issue_outlives_the_worker(settings: Settings) -> None:
    publish(settings, settings.names.raw, [page_record("第一版", revision="2")])
    ingest(settings)
    publish(
        settings,
        settings.names.raw,
        [
            json_record(pages=[{"page": 2, "text": "第二版"}], revision=3),
            page_record("第一版旧稿", revision="1"),
            json_record(pages=None, withdrawn=True, revision=4),
            page_record("第一版", revision="2"),
        ],
    )
    pages = [[page.text for page in issue.pages] for issue in ingest(settings)]
    assert pages == [["第一版"], ["第一版", "第二版"], ["第一版", "第二版"], [], []]


def test_two_workers_bring_pages_and_corrections_of_each_issue_together(settings: Settings) -> None:
    """A worker has the same partitions of both topics."""
    days = [f"2023-08-{day:02d}" for day in range(1, 29)]
    pages, corrections = [], []
    for day in days:
        key = f"渔港日报/{day}".encode()
        place = partition_of(key, PARTITIONS)
        pages += [
            replace(page_record("版", page=str(page), date=day, revision="1"), key=key, partition=place)
            for page in (1, 2)
        ]
        change = {"change": "headline", "headline": "新"}
        for number in (1, 2):
            made = new_correction(f"{key.decode()}/0123456789ab", change, "周敏", f"{number:032x}")
            corrections.append(Record("corrections", place, 0, 1_691_100_000_000, key, made.encode()))
    publish(settings, settings.names.raw, pages)
    publish(settings, settings.names.corrections, corrections)

    def is_done() -> bool:
        return all(
            remaining(settings, "ingest", topic) == 0 for topic in (settings.names.raw, settings.names.corrections)
        )

    with running(settings, "services.ingest") as one, running(settings, "services.ingest") as other:
        wait_until(lambda: one.runs() and other.runs() and is_done(), "every record to be committed")
    newest: dict[str, Issue] = {}
    for record in read_all(settings, settings.names.issues):
        issue = decode(Issue, record.value)
        newest[issue.issue_id] = max(issue, newest.get(issue.issue_id, issue), key=lambda each: each.version)
    assert {key: (len(issue.pages), len(issue.corrections)) for key, issue in newest.items()} == {
        f"渔港日报/{day}": (2, 2) for day in days
    }


def test_pages_of_one_issue_on_several_partitions_come_together(settings: Settings) -> None:
    records = [replace(page_record("版", page=str(page), revision="1"), partition=page % 4) for page in range(1, 9)]
    publish(settings, settings.names.raw, records)
    newest = max(ingest(settings), key=lambda issue: issue.version)
    assert [page.page for page in newest.pages] == list(range(1, 9))
