"""The versions of an article through the real pipeline: kept as they come, through a rebuild and after a loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from services.desk.reading.causes import causes_of
from services.desk.reading.history import history_request, versions_of
from services.index.names import Names
from tests.integration.pipeline.pages import BRIDGE, FISHING
from tests.integration.pipeline.test_editing import BETTER, FISHING_HEADLINE, edit, ids

if TYPE_CHECKING:
    from schemas.kept_version import KeptVersion
    from tests.integration.pipeline.conftest import Pipeline

pytestmark = pytest.mark.servers


def versions(pipeline: Pipeline, article_id: str) -> tuple[KeptVersion, ...]:
    """Return the versions of an article as the desk reads them."""
    index = Names(pipeline.settings.prefix, "history").read
    pipeline.client.indices.refresh(index=index)
    hits = pipeline.client.search(index=index, **history_request(article_id))["hits"]["hits"]
    return versions_of([hit["_source"] for hit in hits])


def told(found: tuple[KeptVersion, ...]) -> list[tuple[str, str, int]]:
    """Return the headline, the cause and the revision of each version; a withdrawal has no headline."""
    return [
        (one.article.headline if one.article else "", causes_of(one, before)[-1].kind, one.revision)
        for one, before in zip(found, (None, *found), strict=False)
    ]


def test_versions_are_kept_with_what_made_them_through_rebuild_and_loss(pipeline: Pipeline, paper: str) -> None:
    """After a loss the sources give the text and the end again; pages and corrections may come in another order."""
    pipeline.publish(paper, {1: FISHING, 2: BRIDGE}, revision=1)
    article_id = ids(pipeline, paper)[FISHING_HEADLINE]
    made = edit(pipeline, article_id, "--headline", BETTER)
    pipeline.publish(paper, {1: FISHING.replace("两千斤", "三千斤")}, revision=2)
    edit(pipeline, article_id, "--take-back", made[:8], by="吴启明")
    pipeline.publish(paper, {2: BRIDGE}, revision=3, complete=True)
    expected = [
        (FISHING_HEADLINE, "first", 1),
        (BETTER, "correction", 1),
        (BETTER, "revision", 2),
        (FISHING_HEADLINE, "taken_back", 2),
        ("", "revision", 3),
    ]
    assert told(versions(pipeline, article_id)) == expected
    rebuilt = pipeline.run("rebuild")
    assert rebuilt.exit_code == 0, rebuilt.output
    assert told(versions(pipeline, article_id)) == expected
    last_text = versions(pipeline, article_id)[-2].article
    pipeline.begin_anew()
    again = versions(pipeline, article_id)
    assert again[-1].article is None
    assert again[-2].article is not None
    assert last_text is not None
    assert (again[-2].article.headline, again[-2].article.body) == (last_text.headline, last_text.body)


def test_an_issue_published_again_unchanged_adds_no_version(pipeline: Pipeline, paper: str) -> None:
    for _ in range(3):
        pipeline.publish(paper, {1: FISHING}, revision=1)
    (article_id,) = ids(pipeline, paper).values()
    assert len(versions(pipeline, article_id)) == 1
