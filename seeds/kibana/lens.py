"""One panel of the dashboard as a Lens visualization (Kibana 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LAYER: Final = "layer1"
RECORDS: Final = "___records___"
NUMBERS: Final = ("sum", "average", "min", "max")
SERIES: Final = {"stacked": "bar_stacked", "bars": "bar_horizontal", "line": "line"}
DEFAULT_TOP: Final = 10


def lens(panel: Mapping[str, Any], view: str) -> dict[str, Any]:
    """Return the attributes of the panel's visualization over the data view with id `view`."""
    metrics = {f"metric{number}": metric(shown) for number, shown in enumerate(panel["show"])}
    order = next((name for name, column in metrics.items() if column["sourceField"] == panel.get("order")), "metric0")
    buckets = {
        f"bucket{number}": over_time() if name == "date" else top_values(name, panel.get("top", DEFAULT_TOP), order)
        for number, name in enumerate(panel.get("by", ()))
    }
    kind, visualization = _visualization(panel["chart"], list(buckets), list(metrics))
    layer = {"columns": buckets | metrics, "columnOrder": [*buckets, *metrics], "incompleteColumns": {}}
    return {
        "title": panel["title"],
        "type": "lens",
        "visualizationType": kind,
        "references": [{"type": "index-pattern", "id": view, "name": f"indexpattern-datasource-layer-{LAYER}"}],
        "state": {
            "datasourceStates": {"formBased": {"layers": {LAYER: layer}}},
            "visualization": visualization,
            "query": {"query": panel.get("where", ""), "language": "kuery"},
            "filters": [],
            "internalReferences": [],
            "adHocDataViews": {},
        },
    }


def metric(shown: str) -> dict[str, Any]:
    """Return the column for `count`, or for a function and a field such as `sum characters`."""
    function, _, name = shown.partition(" ")
    if shown != "count" and function not in NUMBERS:
        raise ValueError(f"{shown!r}: show takes count, or one of {', '.join(NUMBERS)} and a field")
    return {
        "label": name or "Count",
        "customLabel": True,
        "dataType": "number",
        "operationType": function,
        "sourceField": name or RECORDS,
        "isBucketed": False,
        "scale": "ratio",
        "params": {"emptyAsNull": True},
    }


def over_time() -> dict[str, Any]:
    """Return the column that puts articles in order of the day they were published."""
    return {
        "label": "date",
        "dataType": "date",
        "operationType": "date_histogram",
        "sourceField": "date",
        "isBucketed": True,
        "scale": "interval",
        "params": {"interval": "auto", "includeEmptyRows": True, "dropPartials": False},
    }


def top_values(name: str, size: int, order: str) -> dict[str, Any]:
    """Return the column of a field's `size` values with the most of the metric column `order`."""
    return {
        "label": name,
        "customLabel": True,
        "dataType": "string",
        "operationType": "terms",
        "sourceField": name,
        "isBucketed": True,
        "scale": "ordinal",
        "params": {
            "size": size,
            "orderBy": {"type": "column", "columnId": order},
            "orderDirection": "desc",
            "otherBucket": False,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
        },
    }


def _visualization(chart: str, buckets: list[str], metrics: list[str]) -> tuple[str, dict[str, Any]]:
    layer: dict[str, Any] = {"layerId": LAYER, "layerType": "data"}
    if chart == "metric":
        return "lnsMetric", {**layer, "metricAccessor": metrics[0]}
    if chart == "table":
        return "lnsDatatable", {**layer, "columns": [{"columnId": name} for name in (*buckets, *metrics)]}
    series = SERIES[chart]
    data = {**layer, "seriesType": series, "xAccessor": buckets[0], "accessors": metrics}
    if buckets[1:]:
        data["splitAccessor"] = buckets[1]
    return "lnsXY", {
        "legend": {"isVisible": bool(buckets[1:] or metrics[1:]), "position": "right"},
        "preferredSeriesType": series,
        "fittingFunction": "None",
        "layers": [data],
    }
