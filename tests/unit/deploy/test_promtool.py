"""Prometheus itself reads the alerts, and each fires when it should and only then.

Needs `promtool` on the path, or its file in BROADSHEET_PROMTOOL; `make promtool` builds it from the Go module.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.deploy.test_monitoring import RULES

if TYPE_CHECKING:
    from pathlib import Path

PROMTOOL = os.environ.get("BROADSHEET_PROMTOOL") or shutil.which("promtool")
pytestmark = [
    pytest.mark.skipif(PROMTOOL is None, reason="neither `promtool` nor BROADSHEET_PROMTOOL; see `make promtool`"),
    pytest.mark.timeout(600),
]

Series = dict[str, str]
UP = {f'broadsheet_build_info{{stage="{stage}"}}': "1x60" for stage in ("ingest", "segment", "tag", "index")}
LATE = 'broadsheet_searchable_seconds_bucket{stage="index",le="%s"}'
SEARCH = 'broadsheet_desk_request_seconds_bucket{asked="search",le="%s"}'
ANSWERS = 'broadsheet_desk_requests_total{asked="search",status="%s"}'


@dataclass(frozen=True, slots=True)
class Case:
    """What a minute's samples look like when the alert must fire, and when it must not; with which labels it fires."""

    bad: Series
    good: Series
    labels: dict[str, str]


CASES = {
    "BroadsheetStageBehind": Case(
        {'broadsheet_oldest_record_age_seconds{stage="tag"}': "700+60x60"},
        {'broadsheet_oldest_record_age_seconds{stage="tag"}': "500x60"},
        {"stage": "tag", "severity": "warning"},
    ),
    "BroadsheetInputLost": Case(
        {'broadsheet_input_lost_offsets{stage="ingest",topic="issues.raw",partition="0"}': "3x60"},
        {'broadsheet_input_lost_offsets{stage="ingest",topic="issues.raw",partition="0"}': "0x60"},
        {"stage": "ingest", "topic": "issues.raw", "partition": "0", "severity": "critical"},
    ),
    "BroadsheetQuarantine": Case(
        {'broadsheet_records_total{stage="ingest",outcome="quarantined"}': "0+1x60"},
        {
            'broadsheet_records_total{stage="ingest",outcome="quarantined"}': "7x60",
            'broadsheet_records_total{stage="ingest",outcome="emitted"}': "0+9x60",
        },
        {"stage": "ingest", "severity": "warning"},
    ),
    "BroadsheetNoWorker": Case(
        {name: values for name, values in UP.items() if "segment" not in name},
        UP,
        {"stage": "segment", "severity": "critical"},
    ),
    "BroadsheetWorkerNotReady": Case(
        {'broadsheet_ready{stage="tag",pod="tag-1"}': "0x60", 'broadsheet_ready{stage="tag",pod="tag-2"}': "1x60"},
        {'broadsheet_ready{stage="tag",pod="tag-1"}': "0 0 0 1x60"},
        {"stage": "tag", "pod": "tag-1", "severity": "warning"},
    ),
    "BroadsheetNewsLate": Case(
        {LATE % "300.0": "0+8x60", LATE % "1800.0": "0+10x60", LATE % "+Inf": "0+10x60"},
        {LATE % "300.0": "0+10x60", LATE % "1800.0": "0+10x60", LATE % "+Inf": "0+10x60"},
        {"severity": "warning"},
    ),
    "BroadsheetDeskFails": Case(
        {ANSWERS % "2xx": "0+90x60", ANSWERS % "5xx": "0+10x60"},
        {ANSWERS % "2xx": "0+99x60", ANSWERS % "5xx": "0+1x60"},
        {"severity": "critical"},
    ),
    "BroadsheetDeskSlow": Case(
        {SEARCH % "2.0": "0+9x60", SEARCH % "5.0": "0+10x60", SEARCH % "+Inf": "0+10x60"},
        {SEARCH % "2.0": "0+10x60", SEARCH % "5.0": "0+10x60", SEARCH % "+Inf": "0+10x60"},
        {"severity": "warning"},
    ),
}


def promtool(*arguments: str, folder: Path) -> None:
    assert PROMTOOL is not None
    done = subprocess.run([PROMTOOL, *arguments], cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def stored(folder: Path, name: str, content: Any) -> str:
    """JSON is YAML, too."""
    (folder / name).write_text(json.dumps(content), "utf-8")
    return name


def test_prometheus_takes_every_rule_with_its_templates(tmp_path: Path) -> None:
    groups = {"groups": [{"name": "broadsheet", "rules": RULES}]}
    promtool("check", "rules", stored(tmp_path, "rules.yaml", groups), folder=tmp_path)


def test_every_alert_has_a_case() -> None:
    assert CASES.keys() == {rule["alert"] for rule in RULES}


@pytest.mark.parametrize("name", CASES)
def test_an_alert_fires_when_it_should_and_only_then(name: str, tmp_path: Path) -> None:
    (rule,) = (dict(one) for one in RULES if one["alert"] == name)
    # What it says is checked above; here it is whether it speaks.
    del rule["annotations"]
    stored(tmp_path, "rules.yaml", {"groups": [{"name": "broadsheet", "rules": [rule]}]})
    case = CASES[name]

    def at_forty_minutes(series: Series, *expected: dict[str, Any]) -> dict[str, Any]:
        return {
            "interval": "1m",
            "input_series": [{"series": each, "values": values} for each, values in series.items()],
            "alert_rule_test": [{"eval_time": "40m", "alertname": name, "exp_alerts": list(expected)}],
        }

    tests = [at_forty_minutes(case.bad, {"exp_labels": case.labels}), at_forty_minutes(case.good)]
    file = stored(tmp_path, "tests.yaml", {"rule_files": ["rules.yaml"], "evaluation_interval": "1m", "tests": tests})
    promtool("test", "rules", file, folder=tmp_path)
