"""The whole pipeline on a secured Kafka and a secured Elasticsearch: nobody is refused, and no right is left over."""

from __future__ import annotations

import signal
from http import HTTPStatus
from typing import TYPE_CHECKING

import pytest
import typer

from services.cli.main import app
from tests.secured.audit import elasticsearch_denials, grants, kafka_denials, used_grants, used_rules
from tests.secured.conftest import CHOSEN, WHOLE
from tests.secured.expected import UNTRIED
from tests.secured.rendered import SUPERUSER, rules
from tests.secured.story import CUSTOMS, Story, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    import click

    from tests.secured.servers.secured import Secured

pytestmark = [pytest.mark.servers, pytest.mark.timeout(3600)]

NEEDS_NO_SERVER = {
    "preview",
    "tag",
    "taxonomy check",
    "settings",
}
RUNS_ITS_OWN = {"run", "stage"}
"""They are for the embedded servers of one machine."""

UNTRIED_COMMANDS = {
    "kibana": UNTRIED["broadsheet-dashboards"],
    "watch": "publishes as `publish` does, and never ends by itself",
    "load": "is for new topics, and writes as `publish` does",
    "mcp": "asks as `search` and `trace` do, and speaks with a program on its standard input",
    "contracts register": "speaks with a schema registry, and with none of our servers",
    "deliver": "runs as its own user, below",
}


@pytest.fixture(scope="module")
def begun(secured: Secured) -> tuple[int, int]:
    """How long both logs were before: other tests are refused on purpose."""
    kafka, elasticsearch = (len(path.read_text("utf-8", "replace")) for path in secured.logs)
    return kafka, elasticsearch


@pytest.fixture(scope="module")
def story(secured: Secured, begun: tuple[int, int], tmp_path_factory: pytest.TempPathFactory) -> Story:
    assert begun
    return tell(secured, tmp_path_factory.mktemp("story"), whole=CHOSEN == "whole")


@pytest.fixture(scope="module")
def kafka_log(story: Story, begun: tuple[int, int]) -> str:
    return story.texts["kafka.log"][begun[0] :]


@pytest.fixture(scope="module")
def elasticsearch_log(story: Story, begun: tuple[int, int]) -> str:
    return story.texts["elasticsearch.log"][begun[1] :]


def commands(group: click.Command, words: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the name of every command."""
    if hasattr(group, "commands"):
        for name, command in group.commands.items():
            yield from commands(command, (*words, name))
    else:
        yield " ".join(words)


def test_a_page_that_a_newsroom_sends_is_found_by_editors_and_read_by_programs(story: Story) -> None:
    assert CUSTOMS in {article.get("headline") for article in story.seen["articles"]}
    assert {name: status for name, status in story.seen.items() if name.startswith("desk /")} == {
        name: 200 for name in story.seen if name.startswith("desk /")
    }
    assert story.seen["desk correction"] in (200, 202)
    assert story.seen["watched"]


@WHOLE
def test_corrections_survive_a_rewind(story: Story) -> None:
    assert "月饼出口大洋洲" in story.seen["found after the rewind"]


@WHOLE
def test_an_index_that_is_older_than_its_offsets_is_seen(story: Story) -> None:
    status, said = story.seen["older index"]
    assert status == HTTPStatus.SERVICE_UNAVAILABLE
    assert "broadsheet rebuild" in said


@WHOLE
def test_a_receiver_is_told_of_an_article_by_the_user_for_that(story: Story) -> None:
    assert {one["type"] for one in story.seen["told"]} == {"article.created"}


@WHOLE
def test_a_program_publishes_over_http_once_by_the_user_for_that(story: Story) -> None:
    first, second = story.seen["published"]
    assert (first["repeated"], second["repeated"]) == (False, True)
    assert first["receipt"] == second["receipt"]


@WHOLE
def test_every_command_works_as_the_console(story: Story) -> None:
    failed = {name: result.output for name, result in story.results.items() if result.exit_code}
    assert failed == {}
    every = set(commands(typer.main.get_command(app)))
    assert story.results.keys() == every - NEEDS_NO_SERVER - RUNS_ITS_OWN - UNTRIED_COMMANDS.keys()


def test_every_process_ends_well_when_it_is_told_to(story: Story) -> None:
    wanted = {"desk": -signal.SIGTERM}
    assert {name: code for name, code in story.seen["endings"] if code != wanted.get(name, 0)} == {}


def test_kafka_refused_nobody(story: Story, kafka_log: str) -> None:
    assert story
    assert sorted(set(kafka_denials(kafka_log))) == []


@WHOLE
def test_every_rule_of_kafka_was_needed(story: Story, kafka_log: str) -> None:
    """A rule by which nothing was allowed in a whole day is one too many."""
    assert story
    assert sorted(map(str, set(rules()) - used_rules(kafka_log))) == []


def test_elasticsearch_refused_nobody(story: Story, elasticsearch_log: str) -> None:
    assert story
    # A worker asks for the cluster's health; an answer that its role forbids it is an answer. The desk shows no disks.
    known = ("cluster:monitor/health", "broadsheet-desk: cluster:monitor/state")
    refused = {one for one in elasticsearch_denials(elasticsearch_log) if not any(each in one for each in known)}
    assert sorted(refused) == []


@WHOLE
def test_every_right_on_elasticsearch_was_needed(story: Story, elasticsearch_log: str) -> None:
    assert story
    left = {grant for grant in grants() if grant.account not in UNTRIED} - used_grants(elasticsearch_log)
    assert sorted(map(str, left)) == []


def test_no_secret_is_in_any_log_or_output(story: Story, secured: Secured) -> None:
    secrets = {**secured.kafka_passwords, **{f"{k} (es)": v for k, v in secured.elasticsearch_passwords.items()}}
    assert SUPERUSER in secrets
    leaks = [
        (name, whose)
        for name, text in story.texts.items()
        for whose, secret in secrets.items()
        if secret in text or "PRIVATE KEY" in text
    ]
    assert leaks == []
