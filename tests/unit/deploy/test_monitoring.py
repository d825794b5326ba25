"""Alerts ask for metrics that a worker has, cover every stage, and each leads to a section of a runbook."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from prometheus_client import generate_latest

from services.desk.measures import DeskMeasures
from services.runtime.health.measures import Measures
from services.runtime.names import STAGES
from tests.unit.deploy.cluster import HTTP_PORT, of_kind
from tests.unit.deploy.kustomization import ROOT, render

RENDERED = render(ROOT / "k8s" / "monitoring")
(GROUP,) = (group for one in RENDERED if one["kind"] == "PrometheusRule" for group in one["spec"]["groups"])
RULES: list[dict[str, Any]] = GROUP["rules"]
alerts = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])


def exposed() -> str:
    """What /metrics of a worker shows after it has done one of everything."""
    measures = Measures("ingest")
    measures.readiness(lambda: True)
    measures.lag({("issues.raw", 0): 1})
    measures.lost("issues.raw", 0, 1)
    desk = DeskMeasures()
    desk.answered("GET", "/", 200, 0.1)
    return generate_latest(measures.registry).decode() + generate_latest(desk.registry).decode()


def names_in(expression: str) -> set[str]:
    """The metrics that an expression asks for."""
    return set(re.findall(r"broadsheet_\w+", expression))


@alerts
def test_an_alert_asks_for_metrics_and_labels_that_a_worker_has(rule: dict[str, Any]) -> None:
    metrics = dict(re.findall(r"^(broadsheet_\w+)\{([^}]*)\}", exposed(), re.MULTILINE))
    asked = names_in(rule["expr"])
    assert asked
    assert asked <= metrics.keys()
    labels = set(re.findall(r"(\w+)=", " ".join(metrics[name] for name in asked))) | {"pod"}
    grouped = {label for labelled in re.findall(r"by \(([^)]*)\)", rule["expr"]) for label in labelled.split(", ")}
    assert grouped | set(re.findall(r"(\w+)=\"", rule["expr"])) <= labels
    told = rule["annotations"]["summary"]
    assert set(re.findall(r"\$labels\.(\w+)", told)) <= grouped | set(re.findall(r"(\w+)=\"", rule["expr"]))
    assert set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])) <= labels


@alerts
def test_an_alert_leads_to_a_section_that_is_there(rule: dict[str, Any]) -> None:
    path, _, anchor = rule["annotations"]["runbook"].partition("#")
    titles = re.findall(r"^#+ (.+)$", (ROOT / path).read_text("utf-8"), re.MULTILINE)
    assert anchor in {re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_a_stage_without_any_worker_is_missed() -> None:
    """A count of nothing is no number, so every stage must be named."""
    (rule,) = (one for one in RULES if one["alert"] == "BroadsheetNoWorker")
    assert set(re.findall(r'absent\(broadsheet_build_info\{stage="(\w+)"\}\)', rule["expr"])) == set(STAGES)


@pytest.mark.parametrize("name", [*STAGES, "desk"])
def test_prometheus_finds_each_process_once_by_labels_and_port_that_it_has(name: str) -> None:
    template = of_kind("prod", "Deployment")[f"broadsheet-{name}"]["spec"]["template"]
    monitors = [one["spec"] for one in RENDERED if one["kind"] == "PodMonitor"]
    labels = template["metadata"]["labels"].items()
    (found,) = (one for one in monitors if one["selector"]["matchLabels"].items() <= labels)
    (endpoint,) = found["podMetricsEndpoints"]
    (port,) = (one for one in template["spec"]["containers"][0]["ports"] if one["name"] == endpoint["port"])
    assert port["containerPort"] == HTTP_PORT, "the only one that the network policy opens for Prometheus"


def test_the_dashboard_asks_for_metrics_that_are_there_and_shows_each_alert_s() -> None:
    """Whoever is called by an alert sees its figure on the dashboard."""
    (stored,) = (one["data"] for one in RENDERED if one["kind"] == "ConfigMap")
    (text,) = stored.values()
    asked = {name for panel in json.loads(text)["panels"] for one in panel["targets"] for name in names_in(one["expr"])}
    metrics = set(re.findall(r"^(broadsheet_\w+)", exposed(), re.MULTILINE))
    assert asked <= metrics
    assert {name for rule in RULES for name in names_in(rule["expr"])} <= asked
