"""What Superdesk's parser and Newshub's push read of an item is there, under the names and in the forms they read."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

import pytest

from schemas.article import Caption, Withdrawal
from schemas.issue import version_of
from services.newsitems.ninjs import ninjs, ninjs_withdrawal
from services.newsitems.superdesk import superdesk, superdesk_withdrawal
from tests.unit.desk.edition import IDENTITY, article, forecast, span, teas

NINJS_1_3: Final = {
    *("uri", "type", "mimetype", "representationtype", "profile", "version", "firstcreated", "versioncreated"),
    *("embargoed", "pubstatus", "urgency", "copyrightholder", "copyrightnotice", "usageterms", "ednote", "language"),
    *("person", "organisation", "place", "subject", "event", "object", "infosource", "title", "byline", "headline"),
    *("slugline", "located", "charcount", "wordcount", "renditions", "associations", "altids", "trustindicator"),
    "genre",
}
"""The properties of ninjs 1.3, which also allows any description_…, body_… and headline_…."""
SUPERDESKS: Final = {"guid", "source", "authors", "keywords", "priority", "extra"}
"""What Superdesk's parser reads beside them."""
CODED: Final = {"name", "rel", "scheme", "code"}
FORM: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000")
MS: Final = 1_691_107_200_123
WITHDRAWN: Final = Withdrawal(**IDENTITY, article_id=article().article_id)


def kept(item: dict[str, Any]) -> dict[str, Any]:
    """Return what Superdesk keeps: its parser copies these names, and reads these lists and times."""
    found = {name: item[name] for name in ("guid", "type", "uri", "headline", "pubstatus", "body_html", "slugline",
             "byline", "language", "keywords", "profile", "ednote", "urgency", "extra") if name in item}  # fmt: skip
    found |= {name: [(one["name"], one["code"]) for one in item[name]] for name in ("subject", "place", "genre")}
    found |= {
        name: dt.datetime.strptime(item[name], "%Y-%m-%dT%H:%M:%S%z") for name in ("versioncreated", "firstcreated")
    }
    found["authors"] = [(one["name"], one["role"]) for one in item.get("authors", ())]
    found["original_source"] = item["source"]
    return found


@pytest.mark.parametrize("item", [superdesk(article()), superdesk(forecast()), superdesk(teas())], ids=str)
def test_every_name_is_one_of_ninjs_1_3_or_of_superdesk(item: dict[str, Any]) -> None:
    """A name of neither would be refused by one and passed over by the other."""
    for name, value in item.items():
        assert name in NINJS_1_3 | SUPERDESKS or re.match(r"(body|description|headline)_", name), name
        if name in {"subject", "place", "genre", "organisation", "person"}:
            assert all(set(one) <= CODED for one in value)
    assert FORM.fullmatch(item["versioncreated"])
    assert FORM.fullmatch(item["firstcreated"])


def test_superdesk_keeps_headline_body_byline_subjects_and_dates() -> None:
    """It kept none of the first two of ninjs 3.1."""
    read = kept(superdesk(article(revision=MS, version=version_of(MS, 0))))
    assert read["headline"] == article().headline
    assert read["body_html"] == f"<p>{article().body[0].text}</p>"
    assert read["authors"] == [(one.name, one.role) for one in article().bylines]
    assert article().bylines[0].name in read["byline"]
    assert read["subject"] == [("海关", "customs")]
    assert read["versioncreated"] == dt.datetime(2023, 8, 4, tzinfo=dt.UTC)
    assert read["firstcreated"] == dt.datetime(2023, 8, 3, 16, tzinfo=dt.UTC)
    assert read["original_source"] == "示例日报"


def test_superdesk_keeps_kicker_and_deck_as_custom_fields() -> None:
    """It passes over headline_kicker and headline_deck; an article without them has no custom fields."""
    read = kept(superdesk(article(kicker="海关总署发布", deck="三百箱运往海外")))
    assert read["extra"] == {"kicker": "海关总署发布", "deck": "三百箱运往海外"}
    assert "extra" not in superdesk(article(kicker="", deck=""))


def test_markup_in_the_text_stays_text() -> None:
    """Superdesk shows body_html as HTML."""
    block = article().body[0].model_copy(update={"text": "<b>3 < 5 & 7"})
    assert superdesk(article(body=(block,)))["body_html"] == "<p>&lt;b&gt;3 &lt; 5 &amp; 7</p>"


def test_a_photograph_is_a_text_with_its_caption() -> None:
    """Newshub refuses every type of item but text; the photograph itself is not on the page's text."""
    caption = Caption(text="开渔", credit="周敏", spans=(span(2, 2),))
    item = superdesk(article(kind="photo", body=(), headline="", captions=(caption,)))
    assert (item["type"], item["headline"], item["body_html"]) == ("text", "开渔（周敏）", "<p>开渔（周敏）</p>")


def test_a_withdrawal_cancels_the_item_of_its_article() -> None:
    """In both forms."""
    for cancelling, item, status in (
        (superdesk_withdrawal(WITHDRAWN), superdesk(article()), "pubstatus"),
        (ninjs_withdrawal(WITHDRAWN), ninjs(article()), "pubStatus"),
    ):
        assert cancelling["uri"] == item["uri"]
        assert cancelling[status] == "canceled"
    assert superdesk_withdrawal(WITHDRAWN)["guid"] == superdesk(article())["guid"]
    assert FORM.fullmatch(superdesk_withdrawal(WITHDRAWN)["versioncreated"])


def test_a_media_topic_that_is_only_near_is_not_given_as_the_topic() -> None:
    """海关 carried the URI of international trade."""
    near = article()
    same = article(topics=(near.topics[0].model_copy(update={"iptc": "medtop:17000000", "iptc_match": "exact"}),))
    assert "uri" not in ninjs(near)["subjects"][0]
    assert ninjs(same)["subjects"][0]["uri"] == "http://cv.iptc.org/newscodes/mediatopic/17000000"
    assert [one["code"] for one in superdesk(same)["subject"]] == ["customs", "medtop:17000000"]
