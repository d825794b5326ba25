"""What the operations page makes of the workers' reports."""

from __future__ import annotations

from services.desk.archive.operations import stages_of

NOW_MS = 1_691_100_000_000


def test_a_report_of_another_release_is_shown_with_what_it_says() -> None:
    """A rolling upgrade runs workers of two releases, and a page that fails would hide all of them."""
    short = {"stage": "tag", "worker": "tag-0", "time": NOW_MS, "lag": 7}
    tag = {stage.name: stage for stage in stages_of([short], NOW_MS)}["tag"]
    assert (tag.lag, tag.seconds_left) == (7, None)
    (worker,) = tag.workers
    assert (worker.name, worker.state, worker.ready, worker.silent) == ("tag-0", "", False, False)
