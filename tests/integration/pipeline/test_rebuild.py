"""Rebuilding the index: no search sees it, whatever comes meanwhile, and whenever it is killed."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

import pytest
from elasticsearch import Elasticsearch

from services.cli.operate.rebuild import fill_anew
from services.index.names import Names
from services.runtime.errors import Unavailable
from tests.faults.servers.elasticsearch_proxy import ElasticsearchProxy
from tests.integration.pipeline.conftest import ROOT, message
from tests.integration.pipeline.pages import BRIDGE, CUSTOMS, FISHING, SCHOOLS

if TYPE_CHECKING:
    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers

BROADSHEET = (sys.executable, "-c", "from services.cli.main import main; main()")
HALTING = (sys.executable, "-m", "tests.integration.pipeline.halting")


class Reader:
    """Searches without pause, as an editor would, and remembers what was wrong."""

    def __init__(self, pipeline: Pipeline, papers: list[str]) -> None:
        self._url = pipeline.settings.elasticsearch_address
        self._index = Names(pipeline.settings.prefix, "articles").read
        self._papers = papers
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._search)
        self.searches = 0
        self.wrong: list[str] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join()

    def _search(self) -> None:
        with Elasticsearch(self._url, max_retries=0) as client:
            while not self._closed.is_set():
                try:
                    answer = client.search(index=self._index, query={"terms": {"paper": self._papers}}, size=1000)
                except Exception as error:  # noqa: BLE001  # any error is what the test is about
                    self.wrong.append(repr(error))
                    continue
                found = {hit["_source"]["paper"] for hit in answer["hits"]["hits"]}
                self.wrong += [f"{paper} is missing" for paper in self._papers if paper not in found]
                if len(answer["hits"]["hits"]) != len(self._papers):
                    self.wrong.append(f"{len(answer['hits']['hits'])} articles")
                self.searches += 1


def indices(pipeline: Pipeline) -> list[str]:
    """Every index of articles and issues that there is."""
    patterns = [Names(pipeline.settings.prefix, kind).every_version for kind in ("articles", "issues")]
    return sorted(pipeline.client.indices.get(index=patterns))


def everything(pipeline: Pipeline, papers: list[str]) -> list[dict[str, Any]]:
    return [document for paper in papers for document in (*pipeline.stored(paper), pipeline.record(paper))]


def ended(process: subprocess.Popen[str], within: float) -> bool:
    """Tell whether a process has ended, or does so within that many seconds."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(within)
    return process.returncode is not None


def published(pipeline: Pipeline, paper: str, count: int) -> list[str]:
    """Publish so many issues with one story each, each of a paper of its own."""
    papers = [f"{paper}{number}" for number in range(count)]
    pipeline.send(*(message(each, {1: FISHING}, revision=1) for each in papers))
    return papers


def test_searches_miss_nothing_while_a_new_index_is_filled_and_what_comes_meanwhile_is_right(
    pipeline: Pipeline, paper: str
) -> None:
    papers = published(pipeline, paper, 20)
    corrected, withdrawn = f"{paper}改", f"{paper}撤"
    pipeline.publish(corrected, {1: BRIDGE}, revision=1)
    pipeline.publish(withdrawn, {1: CUSTOMS}, revision=1)
    old = indices(pipeline)
    sent = 0
    with Reader(pipeline, papers) as reader:
        process = subprocess.Popen([*BROADSHEET, "rebuild"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        pipeline.send_only(message(corrected, {1: BRIDGE.replace("两毫米", "三毫米")}, revision=2))
        pipeline.send_only(message(withdrawn, {}, revision=2, withdrawn=True))
        while not ended(process, within=0.3):
            pipeline.send_only(message(f"{paper}新{sent}", {1: SCHOOLS}, revision=1))
            sent += 1
        assert process.communicate()[0]
        assert process.returncode == 0
        pipeline.settle()
    assert (reader.wrong, reader.searches > 0, sent > 0) == ([], True, True)
    assert not set(indices(pipeline)) & set(old)
    assert len(indices(pipeline)) == 2
    assert "三毫米" in json.dumps(pipeline.documents(corrected), ensure_ascii=False)
    assert pipeline.documents(withdrawn) == {}
    assert all(len(pipeline.documents(f"{paper}新{number}")) == 1 for number in range(sent))


@pytest.mark.parametrize("switches", [0, 1, 2, 3], ids=["while it fills", "after one write alias", "both", "one read"])
def test_killed_half_way_it_can_be_run_again_and_leaves_nothing_over(
    pipeline: Pipeline, paper: str, switches: int
) -> None:
    papers = published(pipeline, paper, 3)
    before = everything(pipeline, papers)
    with Reader(pipeline, papers) as reader:
        process = subprocess.Popen([*HALTING, str(switches)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert process.stdout
        assert process.stdout.readline() == "halted\n"
        process.kill()
        process.communicate()
        assert len(indices(pipeline)) == 4
        pipeline.publish(f"{paper}后", {1: SCHOOLS}, revision=1)
        assert pipeline.run("rebuild").exit_code == 0
    assert (reader.wrong, reader.searches > 0) == ([], True)
    assert len(indices(pipeline)) == 2
    assert everything(pipeline, papers) == before
    assert len(pipeline.documents(f"{paper}后")) == 1


def test_of_two_rebuilds_at_once_one_gives_way(pipeline: Pipeline, paper: str) -> None:
    (only,) = published(pipeline, paper, 1)
    process = subprocess.Popen([*HALTING, "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline() == "halted\n"
    assert pipeline.run("rebuild").exit_code == 0
    process.kill()
    process.communicate()
    assert len(pipeline.documents(only)) == 1
    assert len(indices(pipeline)) == 2


def test_lost_answers_are_not_taken_for_another_rebuild(pipeline: Pipeline, paper: str) -> None:
    """A request that is sent again because its answer was lost finds that it was done already."""
    (only,) = published(pipeline, paper, 1)

    async def rebuild_with_lost_answers(times: int) -> int:
        async with ElasticsearchProxy(pipeline.settings.elasticsearch_address, seed=1) as proxy:
            settings = pipeline.settings.model_copy(update={"elasticsearch": proxy.url})
            with proxy.trouble("answers lost"):
                for _ in range(times):
                    with suppress(Unavailable):
                        await fill_anew(settings, accept_fewer=False)
            return proxy.struck["answers lost"]

    assert asyncio.run(rebuild_with_lost_answers(3)) > 3
    assert pipeline.run("rebuild").exit_code == 0
    assert len(pipeline.documents(only)) == 1
    assert len(indices(pipeline)) == 2


def test_an_index_that_would_hold_less_is_not_switched_to_unless_asked(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING}, revision=1)
    (known,) = pipeline.stored(paper)
    stray = known | {"article_id": f"{paper}/2023-08-15/stray"}
    write = Names(pipeline.settings.prefix, "articles").write
    pipeline.client.index(index=write, id=stray["article_id"], document=stray)
    live = indices(pipeline)
    refused = pipeline.run("rebuild")
    assert (refused.exit_code, "The live one stays" in refused.stderr) == (1, True)
    assert indices(pipeline) == live
    assert len(pipeline.stored(paper)) == 2
    assert pipeline.run("rebuild", "--fewer").exit_code == 0
    assert pipeline.stored(paper) == [known]


def test_an_index_that_would_hold_older_documents_is_not_switched_to_unless_asked(
    pipeline: Pipeline, paper: str
) -> None:
    """As many documents as before, and one of them an older version: by their number alone all was well."""
    pipeline.publish(paper, {1: FISHING}, revision=1)
    (known,) = pipeline.stored(paper)
    write = Names(pipeline.settings.prefix, "articles").write
    newer = known | {"headline": "新"}
    version = pipeline.client.get(index=write, id=known["article_id"])["_version"] + 1
    pipeline.client.index(
        index=write, id=known["article_id"], document=newer, version=version, version_type="external", refresh=True
    )
    refused = pipeline.run("rebuild")
    assert refused.exit_code == 1
    assert f"1 are missing or older, such as {known['article_id']}" in " ".join(refused.stderr.split())
    assert pipeline.stored(paper) == [newer]
    assert pipeline.run("rebuild", "--fewer").exit_code == 0
    assert pipeline.stored(paper) == [known]


def test_a_lost_index_is_begun_anew_and_a_rebuild_brings_all_of_it_back(pipeline: Pipeline, paper: str) -> None:
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    pipeline.publish(paper, {1: FISHING}, revision=2, complete=True)
    before = everything(pipeline, [paper])
    live = indices(pipeline)
    pipeline.client.indices.delete(index=live)
    new = f"{paper}新"
    pipeline.publish(new, {1: SCHOOLS}, revision=1)
    assert len(pipeline.documents(new)) == 1
    assert pipeline.stored(paper) == []
    assert b"run `broadsheet rebuild`" in pipeline.workers.log("index").read_bytes()
    assert pipeline.run("rebuild").exit_code == 0
    assert everything(pipeline, [paper]) == before
    assert len(pipeline.documents(new)) == 1
    assert len(pipeline.client.indices.get(index=indices(pipeline))) == 2


def test_a_withdrawal_that_overtakes_an_older_write_holds_and_so_it_does_after_a_rebuild(
    pipeline: Pipeline, paper: str
) -> None:
    pipeline.publish(paper, {1: FISHING}, revision=1)
    tagged = pipeline.settings.names.tagged
    (article_id,) = [document["article_id"] for document in pipeline.stored(paper)]
    late = [record for record in pipeline.records(tagged) if record.key == article_id.encode()][-1]
    pipeline.publish(paper, {}, revision=2, withdrawn=True)
    assert late.key
    assert late.value
    pipeline.send_to(tagged, late.key, late.value)
    pipeline.settle()
    assert pipeline.documents(paper) == {}
    assert pipeline.run("rebuild").exit_code == 0
    assert pipeline.documents(paper) == {}
    assert [document["withdrawn"] for document in pipeline.stored(paper)] == [True]
