"""The workload and the plan: repeatable, and with everything in them that they are there for."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from services.arrivals.reading import read_arrival
from services.ingest.correcting import read_correction
from services.runtime.errors import Rejected
from services.runtime.messages.records import Record
from tests.faults.breaking.plan import ELASTICSEARCH_RESTARTS, RETAGGED, REWOUND, SECONDS, WORKERS, plan
from tests.faults.work.editors import corrections
from tests.faults.work.poison import poison_for
from tests.faults.work.workload import Message, workload

SEEDS = (1, 3, 20)


def as_record(message: Message, offset: int) -> Record:
    return Record("issues.raw", 0, offset, message.timestamp, message.key, message.value, message.headers)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seed_gives_the_same_workload_and_plan_each_time_and_another_seed_another(seed: int) -> None:
    assert workload(seed, 40) == workload(seed, 40)
    assert plan(seed, 40) == plan(seed, 40)
    assert workload(seed, 40) != workload(seed + 1, 40)
    assert plan(seed, 40) != plan(seed + 1, 40)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_workload_has_every_sort_of_message_and_all_issues(seed: int) -> None:
    messages = workload(seed, 300)
    sorts = Counter(message.sort for message in messages)
    assert set(sorts) == {
        "whole",
        "page",
        "duplicate",
        "correction",
        "late",
        "withdrawal",
        "contradiction",
        "poison",
    }
    assert {message.topic for message in messages} == {"raw", "corrections", "issues", "articles", "tagged"}
    assert len({message.key for message in messages if message.sort in ("whole", "page")}) == 301


def test_what_is_no_poison_is_read_without_complaint() -> None:
    for offset, message in enumerate(workload(3, 200)):
        if message.sort != "poison":
            assert read_arrival(as_record(message, offset)).issue_id.encode() == message.key


def test_each_poison_is_refused() -> None:
    class Every:
        """Stands in for chance: gives what there is to choose from, one after another."""

        def __init__(self) -> None:
            self.place = 0
            self.kinds = 0

        def choice(self, kinds: tuple[object, ...]) -> object:
            self.kinds = len(kinds)
            self.place += 1
            return kinds[self.place - 1]

    every = Every()
    while not every.kinds or every.place < every.kinds:
        value, headers = poison_for(every, "渔港日报", "2023-08-01")  # type: ignore[arg-type]  # all it asks for
        with pytest.raises(Rejected):
            read_arrival(Record("issues.raw", 0, 0, 1_690_000_000_000, "渔港日报/2023-08-01".encode(), value, headers))
    assert every.kinds > 20


def test_poison_among_the_corrections_is_refused() -> None:
    strays = [each for each in workload(3, 600) if each.topic == "corrections"]
    assert len(strays) > 1
    for stray in strays:
        with pytest.raises(Rejected):
            read_correction(Record("corrections", 0, 0, stray.timestamp, stray.key, stray.value))


ARTICLES = [
    {
        "article_id": f"渔港日报/2023-08-01/{number:012x}",
        "headline": "东山小学今晨启用",
        "body": [{"text": "东山小学今晨启用。"}],
    }
    for number in range(3)
]


def test_editors_make_every_sort_of_change_and_the_same_again_for_a_seed() -> None:
    made = [correction for seed in range(200) for correction in corrections(random.Random(seed), ARTICLES)]
    assert made == [correction for seed in range(200) for correction in corrections(random.Random(seed), ARTICLES)]
    sorts = Counter(correction.change.change for correction in made)
    assert set(sorts) == {"headline", "kind", "topics", "merge", "split", "take_back"}
    ids = Counter(correction.correction_id for correction in made)
    assert any(times > 1 for times in ids.values())
    contents = Counter(correction.correction_id for correction in set(made))
    assert any(times > 1 for times in contents.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_has_every_kind_of_fault_as_far_as_the_number_reaches(seed: int) -> None:
    faults = plan(seed, 34)
    assert len(faults) == 34
    assert set(SECONDS) - {fault.kind for fault in faults} < {*ELASTICSEARCH_RESTARTS, "rewind", "retag"}
    assert ("rewind" in {fault.kind for fault in faults}) == (seed % REWOUND == 0)
    assert ("retag" in {fault.kind for fault in faults}) == (seed % RETAGGED == RETAGGED - 1)
    assert len({fault.kind for fault in plan(seed, 6)}) == 6
    for fault in faults:
        least, most = SECONDS[fault.kind]
        assert least - 0.01 <= fault.seconds <= most + 0.01
        assert 0 < fault.at < 1
        assert fault.number < WORKERS[fault.stage]
