"""Topics that an editor chose: those and no others, whatever the words say, also when tagged again."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Literal

from schemas.contract import decode
from schemas.correction import AppliedCorrection, TopicsChange
from schemas.difference import Difference
from schemas.tagged import TaggedArticle
from services.runtime.messages.records import Record
from services.tag.retag import tagged_again
from services.tag.tagging import Tagger
from services.topics.taxonomy.taxonomy import parse_taxonomy
from tests.unit.tag.conftest import article

if TYPE_CHECKING:
    from schemas.article import Article

CUSTOMS = article("石岭海关关员对首批出口荔枝查验放行，报关单当天办结。", headline="荔枝出口")
EDUCATION = """
version: "1"
topics:
  - {id: education, label: 教育, label_en: Education, terms: [{weight: 3, words: [学校]}]}
"""


def choice(
    *topics: str,
    number: int = 1,
    state: Literal["applied", "superseded", "taken_back"] = "applied",
    before: str | None = None,
) -> AppliedCorrection:
    return AppliedCorrection(
        correction_id=f"{number:032x}",
        article_id=CUSTOMS.article_id,
        by="周敏",
        at=dt.datetime(2023, 8, 5, 6, number, tzinfo=dt.UTC),
        change=TopicsChange(change="topics", topics=topics),
        state=state,
        before=before,
    )


def chosen(*topics: str, corrections: tuple[AppliedCorrection, ...] | None = None) -> Article:
    made = corrections if corrections is not None else (choice(*topics),)
    return CUSTOMS.model_copy(update={"topics_chosen": topics, "corrections": made})


def test_an_article_has_the_topics_chosen_in_that_order_and_no_others(tagger: Tagger) -> None:
    tagged = tagger.tag(chosen("industry", "customs"))
    assert [(topic.id, topic.label, topic.score) for topic in tagged.topics] == [
        ("industry", "工业", 1.0),
        ("customs", "海关", 1.0),
    ]


def test_evidence_is_shown_for_a_chosen_topic_that_the_words_speak_for_too(tagger: Tagger) -> None:
    industry, customs = tagger.tag(chosen("industry", "customs")).topics
    assert (industry.evidence, customs.evidence) == ((), tagger.tag(CUSTOMS).topics[0].evidence)


def test_no_topic_at_all_is_a_choice_too(tagger: Tagger) -> None:
    tagged = tagger.tag(chosen())
    assert (tagged.topics, tagged.topics_chosen) == ((), ())


def test_a_topic_that_the_taxonomy_does_not_have_is_named_and_comes_with_one_that_has_it(tagger: Tagger) -> None:
    tagged = tagger.tag(chosen("education", "customs"))
    assert ([topic.id for topic in tagged.topics], tagged.topics_unknown) == (["customs"], ("education",))
    record = Record("articles.tagged", 0, 0, 1, b"a", tagged.encode())
    again = decode(TaggedArticle, tagged_again(record, Tagger(parse_taxonomy(EDUCATION)), "articles.tagged").value)
    assert ([topic.id for topic in again.topics], again.topics_unknown) == (["education"], ("customs",))


def test_tagging_again_keeps_what_was_chosen_byte_for_byte(tagger: Tagger) -> None:
    """Nothing but the generation is another, and the message says so."""
    tagged = tagger.tag(chosen("industry"))
    record = Record("articles.tagged", 0, 0, 1, b"a", tagged.encode())
    differs = Difference(kind="unchanged", version=tagged.version)
    again = tagged.model_copy(update={"generation": 1, "difference": differs})
    assert tagged_again(record, tagger, "articles.tagged").value == again.encode()


def test_the_first_choice_says_what_the_words_had_spoken_for(tagger: Tagger) -> None:
    corrections = (
        choice("weather", number=1, state="taken_back"),
        choice("industry", number=2, state="superseded"),
        choice(number=3, before="industry"),
    )
    tagged = tagger.tag(chosen(corrections=corrections))
    assert [one.before for one in tagged.corrections] == [None, "customs", "industry"]


def test_without_a_choice_the_words_decide(tagger: Tagger) -> None:
    tagged = tagger.tag(CUSTOMS)
    assert ([topic.id for topic in tagged.topics], tagged.topics_chosen, tagged.corrections) == (["customs"], None, ())
