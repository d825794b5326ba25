from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from training.pages.writing.content import load_sources

if TYPE_CHECKING:
    from pathlib import Path

FIRST = "昨天上午，城北新桥正式通车，两岸居民往来更加方便，沿线商户也迎来了新的客流。"


def record(headline: str, flow: list[str], **more: Any) -> dict[str, Any]:
    paragraphs = [{"kind": "para", "text": text} for text in flow]
    empty = {"kicker": "", "deck": "", "bylines": [], "captions": [], "kind": "story", "byline_form": None}
    return {"id": "a01", "headline": headline, "flow": paragraphs, **empty, **more}


def bench(folder: Path, **issues: dict[str, Any]) -> Path:
    for name, article in issues.items():
        (folder / name).mkdir()
        (folder / name / "truth.json").write_text(json.dumps({"articles": [article]}), encoding="utf-8")
    return folder


def test_the_house_style_of_the_source_is_taken_off(tmp_path: Path) -> None:
    flow = [f"本报讯（记者 林晓 通讯员周舟） {FIRST}", "路网将继续完善。（记者 林晓）"]
    (source,) = load_sources(bench(tmp_path, one=record("新桥通车", flow, byline_form="paren_lead")))
    assert source.flow == (("para", FIRST), ("para", "路网将继续完善。"))
    assert source.names == ()


def test_names_printed_in_the_original_text_are_kept(tmp_path: Path) -> None:
    article = record(
        "新桥通车", [f"本报讯 记者林晓报道：{FIRST}"], byline_form="source", bylines=[{"name": "林晓", "role": "记者"}]
    )
    (source,) = load_sources(bench(tmp_path, one=article))
    assert source.names == (("林晓", "记者"),)
    assert source.flow[0][1].startswith("本报讯 记者林晓报道")


def test_held_out_issues_do_not_come_back_through_the_articles_file(tmp_path: Path) -> None:
    folder = bench(tmp_path, one=record("新桥通车", [FIRST]), two=record("旧城改造启动", [FIRST]))
    articles = tmp_path / "articles.jsonl"
    rows = [
        {"id": "d1", "headline": "旧城 改造启动", "text": FIRST},
        {"id": "d2", "headline": "春耕全面展开", "text": FIRST},
    ]
    articles.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    kept = load_sources(folder, exclude={"two"}, articles=[articles])
    assert [source.headline for source in kept] == ["新桥通车", "春耕全面展开"]
