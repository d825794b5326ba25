"""The compose file runs the stages as the code expects, with passwords from outside and no port open to others."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from services.runtime.names import STAGES
from services.runtime.settings import load_settings
from tests.unit.deploy.cluster import HTTP_PORT, VARIABLES
from tests.unit.deploy.kustomization import ROOT, load

SERVERS = ("kafka", "elasticsearch", "kibana")
ONE_SHOT = ("accounts", "setup", "dashboards")
ON_KAFKA = ("setup", *STAGES, "desk")
OURS = (*ON_KAFKA, "dashboards")
REQUIRED = re.compile(r"\$\{([A-Z_]+):\?[^}]+\}")


@cache
def compose() -> dict[str, Any]:
    (document,) = load(ROOT / "docker-compose.yml")
    return dict(document)


def service(name: str) -> dict[str, Any]:
    found: dict[str, Any] = compose()["services"][name]
    return found


def listener(name: str) -> str:
    """The address that clients are told for one of Kafka's listeners."""
    advertised: str = service("kafka")["environment"]["KAFKA_ADVERTISED_LISTENERS"]
    return dict(entry.split("://") for entry in advertised.split(","))[name]


def test_it_runs_the_servers_the_four_stages_the_desk_and_what_prepares_them() -> None:
    assert compose()["services"].keys() == {*SERVERS, *ONE_SHOT, *STAGES, "desk"}


@pytest.mark.parametrize("stage", [*STAGES, "desk"])
def test_the_command_is_the_service(stage: str) -> None:
    assert service(stage)["command"] == ["python", "-m", f"services.{stage}"]


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_is_healthy_when_it_says_that_it_is_ready(stage: str) -> None:
    assert service(stage)["environment"]["BROADSHEET_HTTP_PORT"] == str(HTTP_PORT)
    assert f"http://127.0.0.1:{HTTP_PORT}/ready" in service(stage)["healthcheck"]["test"][-1]


@pytest.mark.parametrize("name", ON_KAFKA)
def test_our_services_get_settings_that_exist_and_are_valid(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = service(name)["environment"]
    assert environment.keys() <= VARIABLES
    for variable, value in environment.items():
        monkeypatch.setenv(variable, REQUIRED.sub("filled", value))
    settings = load_settings()
    assert settings.kafka_address == listener("INSIDE")
    elasticsearch = urlsplit(settings.elasticsearch_address)
    assert (elasticsearch.hostname, elasticsearch.port) == ("elasticsearch", 9200)


@pytest.mark.parametrize("name", OURS)
def test_our_containers_can_write_nothing_but_their_temporary_folder(name: str) -> None:
    ours = service(name)
    assert ours["read_only"] is True
    assert ours["tmpfs"] == ["/tmp"]  # noqa: S108  # a mount inside the container
    assert ours["cap_drop"] == ["ALL"]
    assert ours["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in ours
    assert "user" not in ours, "the image's own user is the one to run as"


def test_our_services_share_one_image_built_here() -> None:
    assert {(service(name)["image"], service(name)["build"]) for name in OURS} == {("broadsheet:local", ".")}
    (dev,) = load(ROOT / "k8s" / "overlays" / "dev" / "kustomization.yaml")
    (image,) = dev["images"]
    assert f"{image['name']}:{image['newTag']}" == service("setup")["image"]


def test_the_desk_is_where_it_is_without_containers_and_healthy_when_it_can_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    settings = load_settings()
    port = str(settings.desk_port)
    assert service("desk")["ports"] == [f"{settings.desk_host}:{port}:{port}"]
    assert service("desk")["environment"]["BROADSHEET_DESK_PORT"] == port
    assert service("desk")["environment"]["BROADSHEET_DESK_HOST"] == "0.0.0.0", "or nothing outside reaches it"  # noqa: S104  # inside the container
    assert f"http://127.0.0.1:{port}/ready" in service("desk")["healthcheck"]["test"][-1]


def test_the_dashboards_are_imported_once_kibana_is_up(monkeypatch: pytest.MonkeyPatch) -> None:
    (address,) = (part for part in service("dashboards")["command"] if part.startswith("http"))
    assert service("dashboards")["command"][:2] == ["broadsheet", "kibana"]
    assert (urlsplit(address).hostname, urlsplit(address).port) == ("kibana", 5601)
    assert service("dashboards")["depends_on"]["kibana"] == {"condition": "service_healthy"}
    assert not [name for name, one in compose()["services"].items() if "dashboards" in one.get("depends_on", {})]
    for variable, value in service("dashboards")["environment"].items():
        monkeypatch.setenv(variable, REQUIRED.sub("filled", value))
    assert load_settings().elasticsearch_user == "elastic", "who may write Kibana's objects"


def test_commands_on_this_machine_find_the_servers_at_their_default_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    assert listener("HOST") == load_settings().kafka_address
    (published,) = service("elasticsearch")["ports"]
    assert published.rpartition(":")[0] == urlsplit(load_settings().elasticsearch_address).netloc


def test_no_port_is_published_to_other_machines() -> None:
    ports = [port for definition in compose()["services"].values() for port in definition.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_every_password_comes_from_outside_and_is_asked_for() -> None:
    secret = re.compile("PASSWORD|KEY$")
    for definition in compose()["services"].values():
        for variable, value in definition.get("environment", {}).items():
            assert not secret.search(variable) or REQUIRED.fullmatch(value)
    wanted = set(REQUIRED.findall((ROOT / "docker-compose.yml").read_text("utf-8")))
    offered = dict(
        line.split("=", 1)
        for line in (ROOT / ".env.example").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    )
    assert offered.keys() == wanted
    assert not any(offered.values()), "the example must hold no value that somebody could keep"


def test_the_file_that_holds_the_passwords_is_never_committed() -> None:
    assert ".env" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


def test_a_stage_starts_when_topics_indices_and_accounts_are_there() -> None:
    for stage in (*STAGES, "desk"):
        assert service(stage)["depends_on"] == {"setup": {"condition": "service_completed_successfully"}}
    assert service("setup")["command"] == ["broadsheet", "setup"]
    assert service("setup")["depends_on"] == {
        "kafka": {"condition": "service_healthy"},
        "accounts": {"condition": "service_completed_successfully"},
    }
    assert service("accounts")["depends_on"] == {"elasticsearch": {"condition": "service_healthy"}}


def test_what_must_go_on_comes_back_and_what_ends_is_tried_until_it_succeeds() -> None:
    for name, definition in compose()["services"].items():
        assert definition["restart"] == ("on-failure" if name in ONE_SHOT else "unless-stopped")
        assert (name in ONE_SHOT) != ("healthcheck" in definition)


def test_what_must_outlive_a_container_is_in_a_named_volume() -> None:
    mounted = {volume.partition(":")[0] for name in ("kafka", "elasticsearch") for volume in service(name)["volumes"]}
    assert compose()["volumes"].keys() == {source for source in mounted if not source.startswith(".")}
    data = service("kafka")["environment"]["KAFKA_LOG_DIRS"]
    assert f"kafka:{data}" in service("kafka")["volumes"]
    assert "elasticsearch:/usr/share/elasticsearch/data" in service("elasticsearch")["volumes"]


def test_every_container_is_bounded_and_can_gain_no_right() -> None:
    for definition in compose()["services"].values():
        assert definition["deploy"]["resources"]["limits"].keys() == {"cpus", "memory"}
        assert definition["pids_limit"] <= 2048
        assert definition["cap_drop"] == ["ALL"]
        assert definition["security_opt"] == ["no-new-privileges:true"]
        assert not definition.keys() & {"privileged", "cap_add", "network_mode", "pid", "ipc", "devices"}


def test_every_image_is_pinned_and_kibana_has_elasticsearchs_version() -> None:
    images = {name: definition["image"] for name, definition in compose()["services"].items()}
    assert all(re.search(r":(local|[0-9]+\.[0-9]+\.[0-9]+)$", image) for image in images.values())
    tags = {name: image.rpartition(":")[2] for name, image in images.items()}
    assert tags["elasticsearch"] == tags["kibana"] == tags["accounts"]
    (cluster,) = load(ROOT / "k8s" / "base" / "elasticsearch.yaml")
    assert cluster["spec"]["version"] == tags["elasticsearch"]


def test_processors_and_desk_have_the_roles_that_the_cluster_gives_them() -> None:
    mounts = dict(volume.split(":", 1) for volume in service("elasticsearch")["volumes"])
    source = "./k8s/components/elasticsearch-role/roles.yml"
    assert mounts[source] == "/usr/share/elasticsearch/config/roles.yml:ro"
    (script,) = service("accounts")["command"]
    users = {service(name)["environment"]["BROADSHEET_ELASTICSEARCH_USER"] for name in ON_KAFKA}
    roles = {"broadsheet": "broadsheet-console", "broadsheet-desk": "broadsheet-desk"}
    assert users == roles.keys()
    assert set(roles.values()) <= yaml.safe_load((ROOT / source).read_text("utf-8")).keys()
    for user, role in roles.items():
        (line,) = (line for line in script.splitlines() if line.startswith(f"send PUT {user} "))
        assert f'\\"roles\\": [\\"{role}\\"]' in line
        (password,) = set(re.findall(r"\$\$([A-Z_]+)", line))
        given = {
            service(name)["environment"]["BROADSHEET_ELASTICSEARCH_PASSWORD"]
            for name in ON_KAFKA
            if service(name)["environment"]["BROADSHEET_ELASTICSEARCH_USER"] == user
        }
        assert given == {service("accounts")["environment"][password]}
