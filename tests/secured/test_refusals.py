"""A wrong password, a wrong authority, a missing right: one exact line, exit code 78, and the same words on /ready."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from typer.testing import CliRunner

from services.cli.main import app
from services.runtime.errors import EXIT_CONFIG
from tests.secured.expected import CONSOLE, DELIVER, DESK, STAGE_USERS
from tests.secured.outlets import deliver
from tests.secured.processes import environment, process
from tests.secured.waiting import PATIENCE_SECONDS, wait
from tests.workers import get

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.secured.servers.secured import Secured

pytestmark = [pytest.mark.servers, pytest.mark.timeout(1800)]

Variables = dict[str, Any]
UNTRUSTED = "unable to get local issuer certificate"
UNTRUSTED_CHAIN = "self-signed certificate in certificate chain"
"""OpenSSL's words for a certificate that another authority signed, sent without and with that authority."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A setting that is wrong, and the line that says so."""

    setting: str
    wrong: Callable[[Secured, Variables], Any]
    line: Callable[[Variables], str]

    def in_place(self, secured: Secured, variables: Variables) -> Variables:
        return {**variables, self.setting: self.wrong(secured, variables)}


FAULTS = {
    "Kafka's password": Fault(
        "kafka_password",
        lambda *_: "wrong",
        lambda given: (
            f"Kafka at {given['kafka']} refuses the password of {given['kafka_user']}: "
            "correct BROADSHEET_KAFKA_USER and BROADSHEET_KAFKA_PASSWORD."
        ),
    ),
    "Kafka's authority": Fault(
        "kafka_ca",
        lambda secured, _: secured.stranger.authority,
        lambda given: (
            f"Kafka's certificate at {given['kafka']} is not trusted ({UNTRUSTED_CHAIN}): "
            "BROADSHEET_KAFKA_CA must name the authority that signed it."
        ),
    ),
    "Elasticsearch's password": Fault(
        "elasticsearch_password",
        lambda *_: "wrong",
        lambda given: (
            f"Elasticsearch at {given['elasticsearch']} refuses the password of {given['elasticsearch_user']}: "
            "correct BROADSHEET_ELASTICSEARCH_USER and BROADSHEET_ELASTICSEARCH_PASSWORD."
        ),
    ),
    "Elasticsearch's authority": Fault(
        "elasticsearch_ca",
        lambda secured, _: secured.stranger.authority,
        lambda given: (
            f"Elasticsearch's certificate at {given['elasticsearch']} is not trusted ({UNTRUSTED}): "
            "BROADSHEET_ELASTICSEARCH_CA must name the authority that signed it."
        ),
    ),
    "a file of Kafka's authority that is not there": Fault(
        "kafka_ca",
        lambda secured, _: secured.home.root / "nothing.crt",
        lambda given: (
            f"BROADSHEET_KAFKA_CA: {given['kafka_ca']} is not a PEM file of certificates (No such file or directory)."
        ),
    ),
}
faults = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)


@faults
def test_a_command_prints_one_line_and_ends_with_78(secured: Secured, fault: Fault) -> None:
    given = fault.in_place(secured, secured.variables(CONSOLE))
    command = ("search", "月饼") if fault.setting.startswith("elastic") else ("tail", "issues.raw", "-n", "1")
    result = CliRunner().invoke(app, command, env=environment(given))
    assert (result.exit_code, result.stderr.splitlines()) == (EXIT_CONFIG, [fault.line(given)]), result.output


@faults
def test_what_delivers_to_receivers_says_so_once_and_ends_with_78(
    secured: Secured, fault: Fault, tmp_path: Path
) -> None:
    """Each subscription meets the same refusal; a person reads it once."""
    given = fault.in_place(secured, secured.variables(DELIVER))
    running = deliver(secured, tmp_path, to="http://127.0.0.1:9/hook", **given)
    assert running.wait(PATIENCE_SECONDS) == EXIT_CONFIG
    log = (tmp_path / "deliver.log").read_text("utf-8")
    assert log.splitlines()[-1] == fault.line(given)
    assert "Traceback" not in log


@faults
def test_a_worker_says_so_once_and_on_its_page_and_ends_with_78(secured: Secured, fault: Fault, tmp_path: Path) -> None:
    given = fault.in_place(secured, secured.variables(STAGE_USERS["ingest"]))
    with process("services.ingest", {**given, "log_level": "info"}, tmp_path / "log") as (worker, port):
        wait(lambda: worker.runs() and fault.line(given) in get(port, "/ready")[1], "the page to tell")
        assert get(port, "/ready") == (503, f"{fault.line(given)}\n")
        assert get(port, "/live")[0] == 200, "a restart would not help at once"
        worker.process.send_signal(signal.SIGTERM)
        assert worker.process.wait(PATIENCE_SECONDS) == EXIT_CONFIG
    lines = [json.loads(line) for line in worker.log.read_text("utf-8").splitlines()]
    # aiokafka also says, at each try, that it cannot connect.
    told = [line["error"]["message"] for line in lines if line["message"] == "the worker must not go on"]
    assert told == [fault.line(given)]
    assert not any("Traceback" in json.dumps(line) for line in lines)


@pytest.mark.parametrize("name", ["Elasticsearch's password", "Elasticsearch's authority"])
def test_the_desk_says_so_on_its_page(secured: Secured, name: str, tmp_path: Path) -> None:
    fault = FAULTS[name]
    given = fault.in_place(secured, secured.variables(DESK))
    with process("services.desk", given, tmp_path / "log") as (_, port):
        wait(lambda: get(port, "/ready")[0], "the desk")
        assert get(port, "/ready") == (503, f"{fault.line(given)}\n")


def test_a_missing_right_is_named_and_no_document_goes_to_quarantine_for_it(secured: Secured) -> None:
    """Elasticsearch answers a bulk request with 200 even if the account may write none of its documents."""
    given = secured.variables(CONSOLE, DESK)
    result = CliRunner().invoke(app, ["rebuild"], env=environment(given))
    assert result.exit_code == EXIT_CONFIG, result.output
    # Before it, there is the progress.
    line = result.stderr.splitlines()[-1]
    assert "Traceback" not in result.output
    assert line.startswith(f"Elasticsearch at {given['elasticsearch']} does not allow {DESK} what this needs (action [")
    assert line.endswith("give its role that right, or correct BROADSHEET_ELASTICSEARCH_USER.")
