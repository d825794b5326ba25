"""Settings, names and logs: one list of variables, one place for names, one form of log lines."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
import structlog

from services.runtime.errors import BroadsheetError
from services.runtime.logs import configure_logging
from services.runtime.names import STAGES, Names
from services.runtime.settings import Settings, load_settings, variables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Logged = Callable[[Callable[[], None]], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, _, _ in variables():
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("BROADSHEET_PARTITIONS", "0", "greater than or equal to 1"),
        ("BROADSHEET_PARTITIONS", "eight", "valid integer"),
        ("BROADSHEET_PREFIX", "Staging-", "use lower case"),
        ("BROADSHEET_PREFIX", "-x", "begin with a letter or digit"),
        ("BROADSHEET_PREFIX", "报", "ASCII"),
        ("BROADSHEET_HTTP_PORT", "70000", "less than or equal to 65535"),
        ("BROADSHEET_LOG_LEVEL", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("BROADSHEET_SESSION_TIMEOUT", "1", "greater than or equal to 6"),
        ("BROADSHEET_DESK_HOSTS", "https://desk.example.com", "without scheme and port"),
        ("BROADSHEET_DESK_HOSTS", "desk.example.com:443", "without scheme and port"),
        ("BROADSHEET_DESK_HOSTS", "*", "without scheme and port"),
        ("BROADSHEET_DESK_PROXIES", "*", "neither an address nor a network"),
        ("BROADSHEET_DESK_PROXIES", "10.0.0.1/8", "neither an address nor a network"),
    ],
)
def test_a_wrong_variable_is_named_with_what_it_takes(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BroadsheetError) as refused:
        load_settings()
    assert str(refused.value).startswith(f"{name}: ")
    assert said in str(refused.value)


def test_two_wrong_variables_are_both_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_PARTITIONS", "0")
    monkeypatch.setenv("BROADSHEET_HTTP_PORT", "x")
    with pytest.raises(BroadsheetError) as refused:
        load_settings()
    assert [line.partition(":")[0] for line in str(refused.value).splitlines()] == [
        "BROADSHEET_PARTITIONS",
        "BROADSHEET_HTTP_PORT",
    ]


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_KAFKA", "")
    assert load_settings().kafka is None


def test_a_list_is_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spaces and a last comma do no harm; the documented default of a list is nothing."""
    monkeypatch.setenv("BROADSHEET_DESK_HOSTS", "desk.example.com, [2001:db8::7],")
    monkeypatch.setenv("BROADSHEET_DESK_PROXIES", "192.0.2.7,10.0.0.0/8")
    settings = load_settings()
    assert settings.desk_hosts == ("desk.example.com", "[2001:db8::7]")
    assert settings.desk_proxies == ("192.0.2.7", "10.0.0.0/8")
    assert {name: default for name, default, _ in variables()}["BROADSHEET_DESK_HOSTS"] == ""


def test_what_is_given_takes_precedence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_PREFIX", "a.")
    assert load_settings(prefix="b.").prefix == "b."


def test_a_password_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_KAFKA_PASSWORD", "geheim")
    assert "geheim" not in repr(load_settings())


def test_every_setting_is_listed_with_its_meaning() -> None:
    assert len(variables()) == len(Settings.model_fields)
    assert all(name.startswith("BROADSHEET_") and meaning for name, _, meaning in variables())


def all_names(prefix: str) -> list[str]:
    names = Names(prefix)
    return [
        *(spec.name for spec in names.topics(8)),
        *(names.group(stage) for stage in STAGES),
        names.state_index,
        names.operations,
    ]


def test_every_name_begins_with_the_prefix() -> None:
    assert all(name.startswith("staging.") for name in all_names("staging."))


def test_installations_with_different_prefixes_never_meet() -> None:
    assert not set(all_names("")) & set(all_names("a."))


def test_topics_are_distinct_and_only_the_taxonomy_has_one_partition() -> None:
    specs = Names().topics(8)
    assert len({spec.name for spec in specs}) == len(specs)
    assert {spec.name for spec in specs if spec.partitions != 8} == {"taxonomy"}


def test_no_topic_ever_expires() -> None:
    """A stage may stop for longer than any retention: sources are kept for ever, states until a newer one comes."""
    names = Names()
    policies = {spec.name: spec.config["cleanup.policy"] for spec in names.topics(8)}
    sources = {names.raw, names.corrections, names.quarantine}
    assert {name for name, policy in policies.items() if policy == "delete"} == sources
    assert {name for name, policy in policies.items() if policy == "compact"} == policies.keys() - sources
    for spec in names.topics(8):
        if spec.name in sources:
            assert (spec.config["retention.ms"], spec.config["retention.bytes"]) == ("-1", "-1")


def test_each_topic_but_the_taxonomy_is_read_by_one_stage() -> None:
    names = Names()
    read = [topic for stage in STAGES for topic in names.read_by(stage)]
    assert sorted([*read, names.taxonomy]) == sorted(spec.name for spec in names.topics(8))


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[Logged]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def run(action: Callable[[], None]) -> list[dict[str, Any]]:
        configure_logging(load_settings(log_format="ecs"), "ingest")
        action()
        return [json.loads(line) for line in capsys.readouterr().err.splitlines()]

    yield run
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def at(line: dict[str, Any], path: str) -> Any:
    """Return the field at a dotted path, however deep it is nested or not."""
    if path in line:
        return line[path]
    head, _, rest = path.partition(".")
    while rest:
        if isinstance(line.get(head), dict):
            return at(line[head], rest)
        step, _, rest = rest.partition(".")
        head = f"{head}.{step}"
    raise KeyError(path)


def test_a_log_line_is_json_with_the_field_names_of_ecs(logged: Logged) -> None:
    (line,) = logged(
        lambda: structlog.get_logger("services.ingest").warning("message quarantined", reason="页码错误", offset=7)
    )
    assert at(line, "@timestamp")
    assert at(line, "ecs.version")
    assert at(line, "log.level") == "warning"
    assert at(line, "log.logger") == "services.ingest"
    assert at(line, "message") == "message quarantined"
    assert at(line, "service.name") == "broadsheet-ingest"
    assert at(line, "event.dataset") == "broadsheet.ingest"
    assert at(line, "error.message") == "页码错误"
    assert at(line, "labels.offset") == 7


def test_a_request_is_logged_under_the_names_that_ecs_has_for_it(logged: Logged) -> None:
    """Kibana's own views of requests find them; nothing of them is under `labels`."""
    facts = {"method": "GET", "path": "/articles/1", "status": 200, "client": "192.0.2.7", "editor": "周敏"}
    (line,) = logged(lambda: structlog.get_logger("services.desk").info("request", **facts, milliseconds=12.5))
    assert at(line, "http.request.method") == "GET"
    assert at(line, "url.path") == "/articles/1"
    assert at(line, "http.response.status_code") == 200
    assert at(line, "client.address") == "192.0.2.7"
    assert at(line, "user.name") == "周敏"
    assert at(line, "event.duration") == 12_500_000
    assert "labels" not in line


def test_a_library_logs_in_the_same_form(logged: Logged) -> None:
    (line,) = logged(lambda: logging.getLogger("aiokafka.consumer").warning("Heartbeat failed: %s", "timed out"))
    assert at(line, "message") == "Heartbeat failed: timed out"
    assert at(line, "log.logger") == "aiokafka.consumer"
    assert at(line, "service.name") == "broadsheet-ingest"


@pytest.mark.parametrize("library", ["aiokafka.consumer", "faust", "elastic_transport.transport"])
def test_libraries_are_silent_below_warning(logged: Logged, library: str) -> None:
    assert logged(lambda: logging.getLogger(library).info("Joined group")) == []


def test_an_exception_is_one_line_with_its_stack_trace(logged: Logged) -> None:
    error = ValueError("wrong")
    (line,) = logged(lambda: structlog.get_logger("services.runtime").error("worker crashed", exc_info=error))
    assert "ValueError: wrong" in at(line, "error.stack_trace")


@pytest.fixture
def on_console(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[Callable[[], None]], str]]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def run(action: Callable[[], None]) -> str:
        configure_logging(load_settings(log_format="console"), "ingest")
        action()
        return capsys.readouterr().err

    yield run
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


HOSTILE = "\x1b]0;mine\x07\x9b2J\u202e"


def failed() -> None:
    logging.getLogger("aiokafka").error("lost", exc_info=ValueError(HOSTILE))


@pytest.mark.parametrize(
    "action",
    [
        lambda: structlog.get_logger("services.desk").info("request", path=HOSTILE),
        lambda: structlog.get_logger("services.desk").info(f"request {HOSTILE}"),
        lambda: logging.getLogger("aiokafka").warning("%s", HOSTILE),
        failed,
    ],
)
def test_a_terminal_obeys_nothing_that_others_wrote(
    on_console: Callable[[Callable[[], None]], str], action: Callable[[], None]
) -> None:
    """Escape sequences in messages, fields and errors are shown, not sent."""
    said = on_console(action)
    assert "\\x1b]0;mine\\x07\\x9b2J\\u202e" in said
    assert not set(said) & set(HOSTILE) - set("]0;mine2J")


def test_a_field_cannot_begin_a_log_line(on_console: Callable[[Callable[[], None]], str]) -> None:
    """An address with a line feed in it stays on its line."""
    said = on_console(lambda: structlog.get_logger("services.desk").info("request", path="/a\n12:00:00[info]forged"))
    assert len(said.splitlines()) == 1
