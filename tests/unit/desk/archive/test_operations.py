"""What the operations page makes of the workers' reports."""

from __future__ import annotations

from services.desk.archive.operations import SILENT_MS, stages_of

NOW_MS = 1_691_100_000_000


def test_a_report_of_another_release_is_shown_with_what_it_says() -> None:
    """A rolling upgrade runs workers of two releases, and a page that fails would hide all of them."""
    short = {"stage": "tag", "worker": "tag-0", "time": NOW_MS, "lag": 7}
    tag = {stage.name: stage for stage in stages_of([short], NOW_MS)}["tag"]
    assert (tag.lag, tag.seconds_left) == (7, None)
    (worker,) = tag.workers
    assert (worker.name, worker.state, worker.ready, worker.silent) == ("tag-0", "", False, False)


def test_a_stage_whose_workers_are_silent_does_not_say_that_nothing_waits() -> None:
    """A dead worker's last report said that it had caught up."""
    last = {"stage": "tag", "worker": "tag-0", "time": NOW_MS - SILENT_MS - 1, "lag": 0, "per_second": 3.0}
    stages = {stage.name: stage for stage in stages_of([last], NOW_MS)}
    assert [(stages[name].lag, stages[name].seconds_left) for name in ("tag", "index")] == [(None, None)] * 2
