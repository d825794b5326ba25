"""Kibana's objects: up to date with their source, whole in themselves, and only about fields that the index has."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from itertools import combinations
from typing import Any

import pytest
import yaml

from seeds.kibana.objects import VERSIONS, ndjson, saved_objects
from services.index.mapping import PROPERTIES as PROJECTED
from services.runtime.health.operations import PROPERTIES as OPERATIONS
from services.search import fields
from services.text.tokens import index_values

SOURCE = yaml.safe_load((files("seeds.kibana") / "newsroom.yaml").read_text(encoding="utf-8"))
SHIPPED = (files("seeds") / "kibana.ndjson").read_text(encoding="utf-8")
OBJECTS: list[dict[str, Any]] = [json.loads(line) for line in SHIPPED.splitlines()]
BY_ID = {one["id"]: one for one in OBJECTS}
SEARCHES = [one for one in OBJECTS if one["type"] == "search"]
(DASHBOARD,) = (one for one in OBJECTS if one["type"] == "dashboard")
PANELS: list[dict[str, Any]] = json.loads(DASHBOARD["attributes"]["panelsJSON"])
PROPERTIES = PROJECTED | {"operations": OPERATIONS}


def field_names(view: str) -> set[str]:
    """Return every field under a data view that can be searched or counted."""
    known = set(PROPERTIES[BY_ID[view]["attributes"]["title"]])
    return known | {fields.WORDS} if view.endswith("articles") else known


def kuery_fields(query: str) -> set[str]:
    return set(re.findall(r"([\w.]+) (?::|>=)", query))


def lens_of(panel: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = panel["embeddableConfig"]["attributes"]
    return found


def test_the_file_is_what_the_source_makes() -> None:
    assert ndjson(saved_objects(SOURCE)) == SHIPPED


def test_every_object_has_the_form_that_kibana_imports() -> None:
    for one in OBJECTS:
        assert set(one) == {
            *("type", "id", "attributes", "references", "coreMigrationVersion", "typeMigrationVersion", "managed"),
        }
        assert one["typeMigrationVersion"] == VERSIONS[one["type"]]


def test_every_reference_leads_to_an_object_of_the_file() -> None:
    for one in OBJECTS:
        for reference in one["references"]:
            assert BY_ID[reference["id"]]["type"] == reference["type"]


def test_data_views_name_an_index_and_a_date_of_it() -> None:
    for one in OBJECTS:
        if one["type"] == "index-pattern":
            mapping = PROPERTIES[one["attributes"]["title"]]
            assert mapping[one["attributes"]["timeFieldName"]]["type"] == "date"


@pytest.mark.parametrize("search", SEARCHES, ids=lambda search: search["id"])
def test_a_saved_search_asks_and_shows_only_fields_of_the_index(search: dict[str, Any]) -> None:
    source = json.loads(search["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"])
    known = field_names(search["references"][0]["id"])
    assert source["indexRefName"] == search["references"][0]["name"]
    assert kuery_fields(source["query"]["query"]) <= known
    assert {*search["attributes"]["columns"], *(name for name, _ in search["attributes"]["sort"])} <= known


def test_every_desk_has_a_search_over_the_segmented_words() -> None:
    desks = {"industry", "customs", "united_front", "weather"}
    assert desks <= set(SOURCE["searches"])
    for desk in desks:
        meta = BY_ID[f"broadsheet-search-{desk}"]["attributes"]["kibanaSavedObjectMeta"]["searchSourceJSON"]
        assert fields.WORDS in kuery_fields(json.loads(meta)["query"]["query"])


@pytest.mark.parametrize("word", [word for search in SOURCE["searches"].values() for word in search.get("words", ())])
def test_a_word_that_is_searched_for_is_one_word_of_the_index(word: str) -> None:
    assert index_values(word).words == [word]


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: lens_of(panel)["title"])
def test_a_panel_counts_only_fields_of_its_index(panel: dict[str, Any]) -> None:
    lens = lens_of(panel)
    known = field_names(lens["references"][0]["id"])
    (layer,) = lens["state"]["datasourceStates"]["formBased"]["layers"].values()
    used = {column["sourceField"] for column in layer["columns"].values()} - {"___records___"}
    assert used <= known
    assert kuery_fields(lens["state"]["query"]["query"]) <= known
    assert layer["columnOrder"] == list(layer["columns"])


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: lens_of(panel)["title"])
def test_a_panel_draws_columns_that_it_has(panel: dict[str, Any]) -> None:
    state = lens_of(panel)["state"]
    ((layer_id, layer),) = state["datasourceStates"]["formBased"]["layers"].items()
    drawn = state["visualization"]
    data = drawn.get("layers", [drawn])[0]
    assert data["layerId"] == layer_id
    named = [data.get("xAccessor"), data.get("splitAccessor"), data.get("metricAccessor"), *data.get("accessors", ())]
    named += [column["columnId"] for column in data.get("columns", ())]
    assert {name for name in named if name} == set(layer["columns"])


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: lens_of(panel)["title"])
def test_what_workers_say_is_shown_only_while_it_is_fresh(panel: dict[str, Any]) -> None:
    lens = lens_of(panel)
    of_workers = lens["references"][0]["id"].endswith("operations")
    assert of_workers == lens["state"]["query"]["query"].startswith("time >= now-")


def test_the_dashboard_has_a_reference_for_each_panel() -> None:
    expected = {
        f"{panel['panelIndex']}:{reference['name']}": reference["id"]
        for panel in PANELS
        for reference in lens_of(panel)["references"]
    }
    assert {reference["name"]: reference["id"] for reference in DASHBOARD["references"]} == expected


def test_panels_lie_inside_the_grid_and_apart() -> None:
    grids = [panel["gridData"] for panel in PANELS]
    assert all(grid["x"] + grid["w"] <= 48 for grid in grids)
    assert [grid["i"] for grid in grids] == [panel["panelIndex"] for panel in PANELS]
    for one, other in combinations(grids, 2):
        apart_x = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        apart_y = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert apart_x or apart_y


def test_a_prefix_stands_before_indices_and_ids() -> None:
    for one in saved_objects(SOURCE, "staging-"):
        assert one["id"].startswith("staging-")
        if one["type"] == "index-pattern":
            assert one["attributes"]["title"].startswith("staging-")
