"""Every saved object, from the readable source to the lines that Kibana imports."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from seeds.kibana.lens import lens

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GRID: Final = 48
SEARCH_INDEX: Final = "kibanaSavedObjectMeta.searchSourceJSON.index"
VERSIONS: Final = {"index-pattern": "8.0.0", "search": "10.5.0", "dashboard": "10.3.0"}
"""Which version of each type's attributes is written; a newer Kibana brings them up to date when it imports."""
NEWEST_FIRST: Final = [["date", "desc"]]


def saved_objects(source: Mapping[str, Any], prefix: str = "") -> list[dict[str, Any]]:
    """Return the objects that the parsed newsroom.yaml `source` describes, for indices under `prefix`."""
    return [*_views(source, prefix), *_searches(source, prefix), _dashboard(source, prefix)]


def ndjson(objects: list[dict[str, Any]]) -> str:
    """Return the file that Kibana imports: one object a line."""
    return "".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) + "\n" for one in objects)


def view_id(name: str, prefix: str) -> str:
    """Return the id of a data view; it is the same at each import, so that importing again replaces."""
    return f"{prefix}broadsheet-{name}"


def desk_query(name: str, search: Mapping[str, Any]) -> str:
    """Return the KQL of a saved search: as written, else the topic of its name or any of its words."""
    if "query" in search:
        return str(search["query"])
    words = " or ".join(search["words"])
    return f"topic : {name} or search.words : ({words})"


def _views(source: Mapping[str, Any], prefix: str) -> Iterator[dict[str, Any]]:
    for name, view in source["views"].items():
        attributes = {"title": f"{prefix}{view['index']}", "name": view["name"], "timeFieldName": view["time"]}
        yield _object("index-pattern", view_id(name, prefix), attributes, [])


def _searches(source: Mapping[str, Any], prefix: str) -> Iterator[dict[str, Any]]:
    for name, search in source["searches"].items():
        attributes = {
            "title": search["title"],
            "description": search.get("description", ""),
            "columns": search.get("columns", source["columns"]),
            "sort": search.get("sort", NEWEST_FIRST),
            "grid": {},
            "hideChart": False,
            "isTextBasedQuery": False,
            "kibanaSavedObjectMeta": _asked(desk_query(name, search), index=True),
        }
        reference = {"type": "index-pattern", "id": view_id("articles", prefix), "name": SEARCH_INDEX}
        yield _object("search", f"{prefix}broadsheet-search-{name}", attributes, [reference])


def _dashboard(source: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    panels, references = [], []
    x = y = row = 0
    for number, panel in enumerate(source["panels"], start=1):
        width, height = panel["size"]
        if x + width > GRID:
            x, y, row = 0, y + row, 0
        index = f"panel{number}"
        attributes = lens(panel, view_id(panel["view"], prefix))
        panels.append(
            {
                "type": "lens",
                "panelIndex": index,
                "gridData": {"x": x, "y": y, "w": width, "h": height, "i": index},
                "embeddableConfig": {"attributes": attributes, "enhancements": {}},
            }
        )
        references += [{**found, "name": f"{index}:{found['name']}"} for found in attributes["references"]]
        x, row = x + width, max(row, height)
    dashboard = source["dashboard"]
    content = {
        "title": dashboard["title"],
        "description": dashboard["description"],
        "panelsJSON": _compact(panels),
        "optionsJSON": _compact({"useMargins": True, "syncColors": True, "syncCursor": True, "hidePanelTitles": False}),
        "timeRestore": True,
        "timeFrom": dashboard["since"],
        "timeTo": "now",
        "kibanaSavedObjectMeta": _asked("", index=False),
        "controlGroupInput": {
            "controlStyle": "oneLine",
            "chainingSystem": "HIERARCHICAL",
            "panelsJSON": "{}",
            "ignoreParentSettingsJSON": _compact(
                dict.fromkeys(("ignoreFilters", "ignoreQuery", "ignoreTimerange", "ignoreValidations"), False)
            ),
            "showApplySelections": False,
        },
    }
    return _object("dashboard", f"{prefix}broadsheet-newsroom", content, references)


def _asked(query: str, *, index: bool) -> dict[str, str]:
    asked: dict[str, Any] = {"query": {"query": query, "language": "kuery"}, "filter": []}
    if index:
        asked["indexRefName"] = SEARCH_INDEX
    return {"searchSourceJSON": _compact(asked)}


def _object(kind: str, name: str, attributes: dict[str, Any], references: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "type": kind,
        "id": name,
        "attributes": attributes,
        "references": references,
        "coreMigrationVersion": "8.8.0",
        "typeMigrationVersion": VERSIONS[kind],
        "managed": False,
    }


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
