"""From a PDF through the whole pipeline to the page as printed on the desk."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.integration.desk.archive import running_desk
from tests.integration.pipeline.pages import FISHING
from tests.unit.formats.pdfs import Line, pdf

if TYPE_CHECKING:
    from pathlib import Path

    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers


def test_a_pdf_is_published_and_its_page_is_shown_as_printed(pipeline: Pipeline, paper: str, tmp_path: Path) -> None:
    texts = [line for line in FISHING.split("\n") if line.strip()]
    lines = [Line(text, 40, 560 - 24 * k, 20 if k == 0 else 9) for k, text in enumerate(texts)]
    file = tmp_path / f"{paper}_2023-08-15.pdf"
    file.write_bytes(pdf(lines))
    published = pipeline.run("publish", file)
    assert published.exit_code == 0, published.output
    pipeline.settle()
    found = pipeline.documents(paper)
    assert found, "no article was indexed"
    (issue,) = (
        json.loads(record.value or b"")
        for record in pipeline.records(pipeline.settings.names.issues)
        if record.key == f"{paper}/2023-08-15".encode()
    )
    assert issue["pages"][0]["geometry"]["size"] == [400.0, 600.0]
    article = next(iter(found.values()))["article"]
    ((box,),) = ([one["box"] for one in article["boxes"]],)
    assert box[0] == pytest.approx(40, abs=0.1)
    with running_desk(
        pipeline.settings.elasticsearch_address, pipeline.settings.prefix, pipeline.settings.kafka_address
    ) as desk:
        story = article["article_id"].rpartition("/")[2]
        shown = desk.get(f"/issues/{quote(paper)}/2023-08-15?story={story}", accept_language="en")
        assert shown.status == 200
        assert 'aria-label="Page 1 as printed"' in shown.text
        assert re.search(rf'<a class="cover k\d read" href="\?story={story}#p1-l\d+" aria-current="true">', shown.text)
        assert " style=" not in shown.text
        assert "Page 1 as printed" in desk.get(f"/articles/{quote(article['article_id'])}", accept_language="en").text
