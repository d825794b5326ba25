"""A topic as an editor writes it, and the taxonomies that are shipped."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest

from benchmarks.newsroom_topics.__main__ import HERE, as_tagged
from benchmarks.topics import judge
from services.topics.taxonomy.blocks import as_yaml, parse_topics, replaced, written
from services.topics.taxonomy.faults import TaxonomyError
from services.topics.taxonomy.seed import newsroom_taxonomy, seed_taxonomy, shipped
from services.topics.taxonomy.taxonomy import parse_taxonomy
from training.topics.articles import read

README = Path(__file__).parents[4] / "README.md"
TOPIC = """- id: education
  label: 教育
  label_en: Education
  terms:
    - weight: 3
      words: [教育局, 招生]
"""


def test_a_topic_is_read_alone_indented_or_in_a_taxonomy() -> None:
    (topic,) = parse_topics(TOPIC)
    assert topic.id == "education"
    indented = "".join(f"    {line}\n" for line in TOPIC.splitlines())
    assert parse_topics(indented) == parse_topics(f'version: "1"\ntopics:\n{TOPIC}') == (topic,)
    assert parse_topics(TOPIC.replace("\n", "\r\n")) == (topic,)


def test_a_mistake_is_named_by_its_line_in_the_text_of_the_editor() -> None:
    with pytest.raises(TaxonomyError, match=r"^line 5: topics\[1\]\.terms\[1\]\.weight"):
        parse_topics(TOPIC.replace("weight: 3", "weight: 30"))


def test_every_line_of_a_mistake_is_one_of_the_editors_text() -> None:
    with pytest.raises(TaxonomyError) as caught:
        parse_topics(TOPIC.replace("  label: 教育\n", "  label: 教育\n  label: 学校\n"))
    assert [fault.chinese for fault in caught.value.faults] == ["第 3 行：topics[1].label：与第 2 行重复，请只留一处"]


@pytest.mark.parametrize("text", ["", "- a\n- b", "a: &x [1]\nb: *x", "- id: [", "!!python/object:os.system x"])
def test_what_is_not_a_topic_is_refused_with_a_line(text: str) -> None:
    with pytest.raises(TaxonomyError, match=r"^line \d+"):
        parse_topics(text)


def test_a_written_topic_reads_back_the_same() -> None:
    topics = newsroom_taxonomy().topics
    assert parse_topics(written(topics)) == topics


def test_an_edited_topic_takes_its_place_and_a_new_one_the_end() -> None:
    (new,) = parse_topics(TOPIC)
    weather = seed_taxonomy().topics[-1].model_copy(update={"threshold": 0.9})
    edited = replaced(seed_taxonomy(), (new, weather))
    assert [topic.id for topic in edited.topics] == ["industry", "customs", "united_front", "weather", "education"]
    assert edited.topics[3].threshold == 0.9
    assert parse_taxonomy(as_yaml(edited)) == edited


def test_the_topics_of_a_newsroom_come_after_the_four_and_can_be_edited_and_pushed() -> None:
    newsroom = newsroom_taxonomy()
    assert newsroom.topics[:4] == seed_taxonomy().topics
    assert len(newsroom.topics) == 18
    assert parse_taxonomy(as_yaml(newsroom)) == newsroom
    assert shipped("newsroom") == newsroom
    assert shipped("nothing") is None


def test_the_topics_of_a_newsroom_find_most_of_what_was_not_looked_at() -> None:
    """On benchmarks/newsroom_topics/held.tsv, over all topics together."""
    taxonomy = parse_taxonomy(files("seeds").joinpath("newsroom.yaml").read_text("utf-8"))
    held = read(HERE / "held.tsv", taxonomy)
    tagged = as_tagged(HERE / "held.tsv", taxonomy)
    results = [judge(held, topic, tagged[topic], 0.5, ~held.briefs) for topic in held.features]
    right, wrong, missed = (sum(result[part] for result in results) for part in range(3))
    assert 2 * right / (2 * right + wrong + missed) > 0.85


def test_the_topic_of_the_readme_works_when_it_is_pasted_as_rendered() -> None:
    """Appended to a copy of seeds/taxonomy.yaml, as the README says."""
    block = re.search(r"(?m)(?:^ {4}.*- id: education\n)(?:^ {4}.*\n)+", README.read_text("utf-8"))
    assert block is not None
    rendered = "".join(line.removeprefix("    ") + "\n" for line in block[0].splitlines())
    text = files("seeds").joinpath("taxonomy.yaml").read_text("utf-8")
    assert [topic.id for topic in parse_taxonomy(text + rendered).topics][-1] == "education"
    assert [topic.id for topic in parse_topics(rendered)] == ["education"]
