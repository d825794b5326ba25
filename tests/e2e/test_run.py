"""`broadsheet run`, as a person runs it: what it makes of the sample page, how it ends, and a second run."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from services.cli.operate.workers import SERVICES
from services.index.admin import aliases
from services.index.names import Names
from tests.e2e.installation import PATIENCE_SECONDS, ROOT, installed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.installation import Installation, Run
    from tests.servers import Servers

pytestmark = pytest.mark.servers


INDUSTRY = "抓牢项目建设实现工业经济稳健发展"
CUSTOMS = "海关助力茂名中秋月饼首次出口大洋洲"
UNITED_FRONT = "创新推动“百会帮百镇”工作服务“百千万工程”"

NEWS = {
    "渔港今晨开渔": "三百艘渔船今晨驶出渔港，预计一周后返航。",
    "新学校如期开学": "城东小学昨天迎来八百名新生，校舍全部投入使用。",
    "跨江大桥通车": "大桥上午十时通车，两岸市民往来只需五分钟。",
    "水库开闸放水": "连日无雨，水库开闸放水，灌溉下游农田两万亩。",
}
"""A page each: texts that no other page repeats."""


@pytest.fixture(scope="module")
def installation(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with installed(servers, tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture(scope="module")
def first(installation: Installation) -> Iterator[Run]:
    with installation.running() as run:
        yield run


@pytest.fixture(scope="module")
def articles(first: Run, installation: Installation) -> dict[str, dict[str, Any]]:
    """The sample's articles by headline, as a search finds them while it runs."""
    assert first.process.poll() is None
    found = json.loads(installation.command("search", "--json", "--size", "100").stdout)
    return {plain(article["headline"]): article for article in found["articles"]}


def plain(text: str) -> str:
    """Return a text without its spaces: where lines were joined, there may be one or none."""
    return "".join(text.split())


def test_the_sample_page_is_three_stories_and_the_weather(articles: dict[str, dict[str, Any]]) -> None:
    kinds = {headline: article["kind"] for headline, article in articles.items() if article["kind"] != "weather"}
    assert kinds == dict.fromkeys((INDUSTRY, CUSTOMS, UNITED_FRONT), "story")
    assert len(articles) == 4


def test_each_story_has_its_kicker_and_who_wrote_it(articles: dict[str, dict[str, Any]]) -> None:
    def signed(headline: str) -> list[tuple[str, str]]:
        return [(byline["role"], byline["name"]) for byline in articles[headline]["bylines"]]

    industry, front = articles[INDUSTRY], articles[UNITED_FRONT]
    assert plain(industry["kicker"]) == "上半年全市实现规上工业增加值288.48亿元,累计完成工业投资78.15亿元"
    assert plain(front["kicker"]) == "市委统战部、市工商联以“一二三四五”工作机制"
    assert signed(INDUSTRY) == [("记者", "梁雪玲")]
    assert signed(CUSTOMS) == [("记者", "梁雪玲"), ("通讯员", "许敏婷"), ("通讯员", "丁臻")]
    assert signed(UNITED_FRONT) == [("记者", "曾金妍"), ("通讯员", "张强")]
    assert (industry["source"], articles[CUSTOMS]["source"]) == ("本报讯", "本报讯")


def test_bodies_are_whole_and_in_order_with_their_subheads(articles: dict[str, dict[str, Any]]) -> None:
    def subheads(headline: str) -> list[str]:
        return [plain(block["text"]) for block in articles[headline]["body"] if block["kind"] == "subhead"]

    def text(headline: str) -> str:
        return plain("".join(block["text"] for block in articles[headline]["body"]))

    assert subheads(INDUSTRY) == [
        "夯实保障各类基础条件巩固工业经济增长势头",
        "全力推进主平台建设厚植工业发展载体",
        "大抓项目建设积蓄发展动能",
        "狠抓服务保障培育壮大市场主体",
    ]
    assert subheads(UNITED_FRONT) == [
        "在一套组织架构上实现高效统筹领导",
        "在两项工作指引上明确工作思路",
        "在三种结对帮扶形式上实现精准、有力、全覆盖对接帮扶",
        "在四种激励机制上服务保障“百会帮百镇”工作扎实推进",
    ]
    assert subheads(CUSTOMS) == []
    for headline, beginning, end in (
        (INDUSTRY, "本报讯一批批重大建设项目集中开工", "推动我市中小企业创新创业与转型升级。"),
        (CUSTOMS, "本报讯暑气未退", "主要销往北美、东南亚等国家和地区市场。"),
        (UNITED_FRONT, "实施“百会帮百镇”工作，是我市创新推进", "由市“百千万工程”指挥部进行通报表扬。"),
    ):
        assert text(headline).startswith(plain(beginning))
        assert text(headline).endswith(end)
    for headline, foreign in ((INDUSTRY, "月饼"), (CUSTOMS, "百会帮百镇"), (UNITED_FRONT, "小升规")):
        assert foreign not in text(headline)


def test_both_captions_are_with_their_stories_and_the_jump_is_noted(articles: dict[str, dict[str, Any]]) -> None:
    captions = {
        headline: [(caption["text"], caption["credit"]) for caption in article["captions"]]
        for headline, article in articles.items()
        if article["captions"]
    }
    assert captions == {
        INDUSTRY: [("东华能源（茂名）烷烃资源综合利用项目一期建成试车。", "丘立贺")],
        CUSTOMS: [("茂名海关关员对出口月饼进行监管。", None)],
    }
    jumps = {
        headline: [(jump["direction"], jump["page"]) for jump in article["jumps"]]
        for headline, article in articles.items()
        if article["jumps"]
    }
    assert jumps == {UNITED_FRONT: [("to", 3)]}


def test_the_weather_has_its_values(articles: dict[str, dict[str, Any]]) -> None:
    (weather,) = [article["weather"] for article in articles.values() if article["kind"] == "weather"]
    assert (weather["sky"], weather["wind"]) == ("多云，有雷阵雨", "偏南风2-3级")
    assert (weather["low_celsius"], weather["high_celsius"]) == (26, 33)


def test_each_topic_is_where_it_belongs_and_nowhere_else(articles: dict[str, dict[str, Any]]) -> None:
    topics = {
        headline if article["kind"] != "weather" else "weather": [topic["id"] for topic in article["topics"]]
        for headline, article in articles.items()
    }
    assert topics == {
        INDUSTRY: ["industry"],
        CUSTOMS: ["customs"],
        UNITED_FRONT: ["united_front"],
        "weather": ["weather"],
    }
    for article in articles.values():
        for topic in article["topics"]:
            assert topic["evidence"]


def test_slogan_and_column_label_are_in_no_story_and_every_line_has_its_place(
    articles: dict[str, dict[str, Any]], installation: Installation
) -> None:
    (issue,) = [hit["_source"] for hit in installation.documents() if "furniture" in hit["_source"]]
    lines = (ROOT / "seeds/sample/page-01.txt").read_text("utf-8").split("\n")
    furniture = "".join(lines[n - 1] for s in issue["furniture"]["spans"] for n in range(s["first"], s["last"] + 1))
    assert "担 当 源 自 责 任" in furniture
    assert all("成就宣传" not in json.dumps(one["body"], ensure_ascii=False) for one in articles.values())
    assert issue["placed"] == issue["lines"]


def test_what_is_printed_tells_what_to_try_next_and_that_is_found(first: Run, installation: Installation) -> None:
    for shown in (CUSTOMS, "署名 byline", "分面 facet", "broadsheet search 月饼 --facets"):
        assert shown in first.text
    mooncakes = installation.command("search", "月饼", "--facets")
    assert (CUSTOMS in mooncakes.stdout, INDUSTRY in mooncakes.stdout) == (True, False)
    assert [line.split()[:3] for line in mooncakes.stdout.splitlines() if line.startswith("topic")] == [
        ["topic", "customs", "1"]
    ]
    assert INDUSTRY in installation.command("search", "制造业").stdout
    status = json.loads(installation.command("status", "--json").stdout)
    assert status["quarantined"] == 0
    assert [one["stage"] for one in status["stages"]] == ["ingest", "segment", "tag", "index"]


def test_ctrl_c_leaves_no_process_and_a_second_run_the_same_documents(first: Run, installation: Installation) -> None:
    before = installation.documents()
    family = first.family()
    assert len(family) == 1 + len(SERVICES)
    assert first.interrupt() == 0
    assert not [pid for pid in family if Path(f"/proc/{pid}").exists()]
    with installation.running() as second:
        assert installation.documents() == before
        assert second.interrupt() == 0


@pytest.mark.timeout(900)
def test_with_an_archive_loaded_a_run_shows_the_sample_and_how_much_there_is(
    first: Run, installation: Installation, tmp_path: Path
) -> None:
    if first.process.poll() is None:
        first.interrupt()
    taken = socket.create_server(("127.0.0.1", 0))
    port = str(taken.getsockname()[1])
    for day in range(1, 29):
        pages = [
            {"page": page, "text": f"{headline}{day}日\n本报讯 {lead}\n"}
            for page, (headline, lead) in enumerate(NEWS.items(), start=1)
        ]
        issue = {"paper": "渔港日报", "date": f"2024-02-{day:02}", "revision": 1, "pages": pages}
        (tmp_path / f"{day}.json").write_text(json.dumps(issue, ensure_ascii=False), "utf-8")
    with taken:
        busy = replace(installation, environment=installation.environment | {"BROADSHEET_DESK_PORT": port})
        with busy.running() as second:
            assert f"port {port} is taken" in second.text
            said = installation.command("publish", "--wait", str(tmp_path))
            assert "112 pages searchable after" in said.stdout
            assert json.loads(installation.command("status", "--json").stdout)["pages"] == 113
            assert second.interrupt() == 0
    with installation.running() as third:
        total = json.loads(installation.command("search", "--json").stdout)["total"]
        assert total > 100
        assert f"This is the sample issue. The archive holds {total:,} articles." in third.text
        assert (CUSTOMS in third.text, "水库开闸放水" in third.text) == (True, False)
        assert third.interrupt() == 0


@pytest.mark.timeout(900)
def test_a_rewind_can_be_followed_while_it_runs(first: Run, installation: Installation) -> None:
    if first.process.poll() is None:
        first.interrupt()
    with installation.running() as run:
        before = installation.documents()
        assert "stopped" in installation.command("stage", "stop", "ingest", "segment").stdout
        installation.command("rewind")
        assert "stopped" not in installation.command("stage", "start", "ingest", "segment").stdout
        deadline = time.monotonic() + PATIENCE_SECONDS
        calm = 0
        while calm < len(SERVICES):
            stages = json.loads(installation.command("status", "--json").stdout)["stages"]
            calm = calm + 1 if all(stage["lag"] == 0 for stage in stages) else 0
            assert time.monotonic() < deadline, stages
        assert installation.documents() == before
        assert run.interrupt() == 0


def test_after_an_upgrade_a_run_fills_the_index_anew(first: Run, installation: Installation) -> None:
    if first.process.poll() is None:
        first.interrupt()
    before = installation.documents()
    names = Names(installation.environment["BROADSHEET_PREFIX"], "articles")
    installation.client.indices.delete(index=names.index())
    of_old = {"index": f"{names.prefix}articles-v0-000001", "mappings": {"_meta": {"mapping_version": 0}}}
    installation.client.indices.create(**of_old, aliases=aliases(names))
    with installation.running() as third:
        assert "the index is of another release" in third.text
        after = installation.documents()
        assert third.interrupt() == 0
    assert [(hit["_id"], hit["_source"]) for hit in after] == [(hit["_id"], hit["_source"]) for hit in before]
