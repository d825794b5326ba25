"""A day of an installation on the secured servers: every process as its own user, every command as the console's."""

from __future__ import annotations

import asyncio
import json
import signal
import urllib.request
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from typer.testing import CliRunner

from services.cli.main import app
from services.runtime.kafka.topics import ensure_topics
from services.runtime.names import STAGES
from tests.secured.expected import BACKUP, CONSOLE, DESK, STAGE_USERS
from tests.secured.outlets import published, told
from tests.secured.people import ISSUE, look_at_lag, publish, read_articles, sample, send_junk
from tests.secured.processes import environment, process
from tests.secured.rendered import SUPERUSER
from tests.secured.waiting import PATIENCE_SECONDS, answered, wait
from tests.unit.deploy.cluster import NAMES
from tests.workers import Worker, get

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result

    from tests.secured.servers.secured import Secured

CUSTOMS = "海关助力茂名中秋月饼首次出口大洋洲"


@dataclass(slots=True)
class Story:
    """What happened: the exit code and output of each command, and what programs and editors saw."""

    secured: Secured
    folder: Path
    results: dict[str, Result] = field(default_factory=dict)
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def texts(self) -> dict[str, str]:
        """Every log and every output, by name."""
        logs = {path.name: path.read_text("utf-8", "replace") for path in self.folder.glob("*.log")}
        outputs = {f"broadsheet {name}": result.output for name, result in self.results.items()}
        return logs | outputs

    def run(self, *arguments: str | Path, given: bytes | None = None, user: str = CONSOLE) -> Result:
        """Run a command, usually as the console, and keep its result under its name."""
        said = [str(argument) for argument in arguments]
        variables = environment(self.secured.variables(user))
        result = CliRunner().invoke(app, said, input=given, env=variables)
        words = [word for word in said if not word.startswith("-")]
        name = " ".join(words[: 2 if words[0] in ("quarantine", "taxonomy") else 1])
        if name not in self.results or result.exit_code:
            self.results[name] = result
        return result

    @contextmanager
    def stages(self, *names: str) -> Iterator[dict[str, int]]:
        """Run stages (and the desk) until they are ready; give their ports; stop them at the end."""
        with ExitStack() as stack:
            started: dict[str, tuple[Worker, int]] = {}
            for name in names:
                user = DESK if name == "desk" else STAGE_USERS[name]
                log = self.folder / f"{name}.log"
                started[name] = stack.enter_context(process(f"services.{name}", self.secured.variables(user), log))
            for name, (worker, port) in started.items():
                if name != "desk":
                    wait(lambda worker=worker, port=port: worker.runs() and get(port, "/ready")[0] == 200, f"{name}")
            yield {name: port for name, (_, port) in started.items()}
            for name, (worker, _) in started.items():
                worker.process.send_signal(signal.SIGTERM)
                self.seen.setdefault("endings", []).append((name, worker.process.wait(PATIENCE_SECONDS)))


def tell(secured: Secured, folder: Path, *, whole: bool) -> Story:
    """Live the day, from an empty cluster to a rewind; if not `whole`, an hour of it without the commands."""
    story = Story(secured, folder)
    secured.remove_indices()
    asyncio.run(ensure_topics(secured.superuser()))
    if whole:
        # On a cluster everything starts at once, so each stage must be able to make what it needs.
        for stage in STAGES:
            with story.stages(stage):
                pass
            secured.remove_indices()
    story.run("setup")
    with story.stages("tag", "index", "desk") as ports:
        with story.stages("ingest", "segment"):
            asyncio.run(publish(secured, sample(), (None, b"\xff\xfe junk", {}), (None, b"\xff more junk", {})))
            wait(lambda: CUSTOMS in story.run("search", "月饼", "--facets").output, "the sample to be searchable")
            _editors(story, ports["desk"])
            if whole:
                _commands(story)
                story.seen["told"] = told(secured, folder)
                story.seen["published"] = published(secured, folder)
            else:
                story.seen["articles"] = asyncio.run(read_articles(secured))
        if whole:
            _rewind(story)
    if whole:
        _older_index(story)
    for name, path in zip(("kafka.log", "elasticsearch.log"), secured.logs, strict=True):
        (folder / name).write_bytes(path.read_bytes())
    return story


def _older_index(story: Story) -> None:
    """Take the newest article from the index, as an older snapshot would; the stage says so, and a rebuild helps."""
    newest = [one["article_id"] for one in story.seen["articles"] if "article_id" in one][-1]
    status, _ = story.secured.ask(SUPERUSER, "DELETE", f"articles-write/_doc/{quote(newest, safe='')}")
    assert status == HTTPStatus.OK
    variables = story.secured.variables(STAGE_USERS["index"])
    with process("services.index", variables, story.folder / "index.log") as (_, port):
        wait(lambda: "older" in get(port, "/ready")[1], "the index stage to see that its index is older")
        story.seen["older index"] = get(port, "/ready")
    story.run("rebuild")
    with story.stages("index"):
        pass


def _rewind(story: Story) -> None:
    """Give ingest and segment their work again from the beginning, and see that the corrections are still there."""
    for stage in ("ingest", "segment"):
        story.run("resume", stage)
    story.run("rewind")
    with story.stages("ingest", "segment"):
        wait(lambda: all(lag <= 2 for lag in asyncio.run(look_at_lag(story.secured)).values()), "the rewind")
        story.seen["articles"] = asyncio.run(read_articles(story.secured))
        story.seen["found after the rewind"] = story.run("search", "月饼").output


def _editors(story: Story, port: int) -> None:
    """Look at an article on the desk, correct it, and see the correction applied."""
    address = f"http://127.0.0.1:{port}"
    wait(lambda: get(port, "/ready")[0] == 200, "the desk")
    found = json.loads(story.run("search", "月饼", "--json").stdout)["articles"][0]
    article = found["article_id"]
    story.seen["article"] = article
    for path in (
        "/",
        f"/articles/{quote(article)}",
        f"/articles/{quote(article)}/versions",
        f"/issues/{quote(ISSUE)}",
        "/api/search?q=%E6%9C%88%E9%A5%BC",
        "/operations",
        "/topics",
    ):
        story.seen[f"desk {path}"] = answered(port, path)
    body = {"by": "周敏", "version": found["version"], "change": {"change": "kind", "kind": "brief"}}
    asked = urllib.request.Request(  # noqa: S310  # our own desk
        f"{address}/api/articles/{quote(article)}/corrections",
        json.dumps(body).encode(),
        {"content-type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(asked, timeout=120) as answer:  # noqa: S310  # see above
        story.seen["desk correction"] = answer.status
    wait(lambda: '"brief"' in story.run("search", "月饼", "--json").stdout, "the desk's correction")
    _watch(story)


def _watch(story: Story) -> None:
    """Watch a search on a desk behind a sign-on, which keeps it for the editor."""
    variables = {**story.secured.variables(DESK), "desk_editor_header": "X-Forwarded-User"}
    with process("services.desk", variables, story.folder / "signed-desk.log") as (_, port):
        wait(lambda: get(port, "/ready")[0] == 200, "the desk behind the sign-on")
        signed = {"x-forwarded-user": "zhou", "cookie": f"broadsheet-form={'0' * 32}"}
        body = f"token={'0' * 32}&do=add&name=customs&search=topic%3Dcustoms".encode()
        form = {"content-type": "application/x-www-form-urlencoded"}
        for given, headers in ((None, signed), (body, signed | form), (None, signed)):
            asked = urllib.request.Request(  # our own desk
                f"http://127.0.0.1:{port}/watching", given, headers
            )
            with urllib.request.urlopen(asked, timeout=60) as answer:  # noqa: S310  # see above
                story.seen["desk /watching"] = answer.status
                story.seen["watched"] = "customs" in answer.read().decode()


def _commands(story: Story) -> None:
    """Run every command that talks to the servers, as the console."""
    folder = story.folder
    page = folder / "渔港日报_2023-08-16_1.txt"
    page.write_text("渔港今晨开渔\n本报讯 今晨六时，三百零五艘渔船驶出渔港，预计一周后返航。\n", "utf-8")
    story.run("publish", page, "--wait")
    story.run("trace", ISSUE)
    archive = folder / "archive"
    archive.mkdir()
    old = archive / "渔港日报_2023-08-14_1.txt"
    old.write_text("渔港休渔期将满\n本报讯 渔港休渔期后天届满，渔民正在整理渔网，准备出海。\n", "utf-8")
    story.run("backfill", archive)
    story.run("export", folder / "articles.jsonl", "月饼")
    story.run("status")
    story.run("tail", "articles.tagged", "--from-start", "-n", "1")
    story.run("correct", story.seen["article"], "--headline", "月饼出口大洋洲", "--by", "周敏")
    wait(lambda: "月饼出口大洋洲" in story.run("search", "月饼", "--json").stdout, "the console's correction")
    # Junk on every topic, so that each stage quarantines and the console replays to each.
    asyncio.run(send_junk(story.secured))
    wait(lambda: len(story.run("quarantine", "list", "--json").stdout.splitlines()) == 5, "five in quarantine")
    held = [json.loads(line) for line in story.run("quarantine", "list", "--json").stdout.splitlines()]
    # Drop one that a newsroom sent, so that one is replayed to each topic.
    names = [one["message"] for one in sorted(held, key=lambda one: one["topic"] != NAMES.raw)]
    story.run("quarantine", "show", names[0])
    story.run("quarantine", "drop", names[0])
    story.run("quarantine", "replay", *names[1:])
    taxonomy = folder / "taxonomy.yaml"
    text = (files("seeds") / "taxonomy.yaml").read_text("utf-8")
    taxonomy.write_text(text.replace("label_en: Customs", "label_en: Customs and trade"), "utf-8")
    assert "Customs and trade" in taxonomy.read_text("utf-8")
    story.run("taxonomy", "preview", taxonomy)
    story.run("taxonomy", "push", taxonomy)
    story.run("taxonomy", "show")
    story.run("taxonomy", "list")
    story.run("taxonomy", "diff", taxonomy, taxonomy)
    story.run("retag")
    documents, queries = folder / "documents.jsonl", folder / "queries.json"
    one = {"id": "a", "headline": "渔港开渔", "text": "三百艘渔船驶出渔港。", "paper": "渔港日报", "date": "2023-08-15"}
    documents.write_text(json.dumps(one) + "\n", "utf-8")
    queries.write_text(json.dumps([{"id": "q", "query": "渔港"}]), "utf-8")
    story.run("search-eval", documents, queries)
    story.run("dump", folder / "sources.jsonl", user=BACKUP)
    story.run("rebuild")
