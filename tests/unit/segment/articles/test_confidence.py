"""Every article says how likely its body and its headline are right."""

from itertools import pairwise

import pytest

from services.segment.article import SegmentedArticle
from services.segment.articles.assembly import chains_of
from services.segment.articles.confidence import LOW, confidences
from services.segment.articles.measures import measures
from services.segment.articles.story import Story
from services.segment.edition.editing import join, with_headline
from services.segment.models.shipped import shipped_models
from services.segment.segmentation import drafts_with, segment_issue
from services.segment.views.spans import prediction

BRIDGE = [
    "　　本报讯（记者李明）昨日上午，清",
    "江新桥建成通车。新桥全长一千二百",
    "米，双向六车道，总投资三亿元。",
    "　　市民陈女士说，以前过江要绕很",
    "远的路，现在几分钟就能到对岸，上",
    "班方便多了。",
]
LIBRARY = [
    "　　新华社北京5月4日电 国家图书馆",
    "今天举办青年读书日活动，邀请多位",
    "作家同青年读者交流读书体会。活动",
    "现场还展出了一批珍贵的古籍。",
    "　　据介绍，图书馆今后每月都将举",
    "办一次这样的读书活动。",
]
BRIDGE_HEAD, LIBRARY_HEAD = "清江新桥建成通车", "国家图书馆举办青年读书日活动"
WEATHER = "今日天气：晴，东风2-3级，温度18℃-26℃"


def segmented(*lines: str) -> tuple[SegmentedArticle, ...]:
    return segment_issue({1: "\n".join(["清江日报", "2021年5月5日 星期三", "", *lines])}).articles


CLEAR = ("", BRIDGE_HEAD, "", *BRIDGE, "", LIBRARY_HEAD, "", *LIBRARY)


def test_a_clear_page_is_trusted() -> None:
    """Two stories, each under its headline, are more likely right than wrong."""
    assert [article.headline for article in segmented(*CLEAR)] == [BRIDGE_HEAD, LIBRARY_HEAD]
    for article in segmented(*CLEAR):
        assert article.confidence > LOW
        assert article.headline_confidence is not None
        assert article.headline_confidence > LOW


def test_a_text_in_pieces_is_trusted_less() -> None:
    """A story whose end is printed before its beginning, among another's lines, is less sure than the same in order."""
    torn = ("", *BRIDGE[3:5], *LIBRARY[2:], "", BRIDGE_HEAD, LIBRARY_HEAD, "", *BRIDGE[:3], *LIBRARY[:2])
    assert max(a.confidence for a in segmented(*torn)) < min(a.confidence for a in segmented(*CLEAR))


def test_a_text_without_its_headline_has_a_doubtful_headline() -> None:
    """Papers print a headline over nearly every story, so none is most likely wrong."""
    (article,) = [one for one in segmented(*CLEAR[:9], "", *LIBRARY) if not one.headline]
    assert article.headline_confidence is not None
    assert article.headline_confidence < LOW


def test_weather_has_no_headline_to_be_sure_of() -> None:
    """A weather item says only how sure its lines are."""
    (weather,) = [one for one in segmented(*CLEAR, "", WEATHER) if one.kind == "weather"]
    assert weather.headline_confidence is None
    assert 0 <= weather.confidence <= 1


def test_the_flag_and_the_bands_follow_from_the_confidence() -> None:
    """Below the threshold an article is flagged, and the four bands hold every article once."""
    found = segment_issue({1: "\n".join([*BRIDGE[2:], BRIDGE_HEAD, *LIBRARY[:3], LIBRARY_HEAD, *BRIDGE[:2], WEATHER])})
    for article in found.articles:
        assert ("low-confidence" in article.flags) == (article.confidence < LOW)
    quality = found.quality
    bands = (quality.low_confidence, quality.fair_confidence, quality.good_confidence, quality.high_confidence)
    assert sum(bands) == quality.articles == len(found.articles)


def test_a_headline_that_an_editor_set_is_right() -> None:
    """What an editor wrote is no longer a guess; what is joined under it keeps the headline's confidence."""
    first, second = segmented(*CLEAR)
    corrected = with_headline(first, "清江新桥昨通车")
    assert corrected.headline_confidence == 1
    joined = join(corrected, second)
    assert joined.headline_confidence == 1
    assert joined.confidence == min(first.confidence, second.confidence)


def test_predictions_carry_both_confidences() -> None:
    """The form in which segmentations are exchanged has both numbers for every article."""
    for article in prediction(segment_issue({1: "\n".join(CLEAR)}))["articles"]:
        assert 0 < article["confidence"] < 1
        assert 0 < article["headline_confidence"] < 1


@pytest.mark.parametrize("place", [0, 1, 2])
def test_articles_are_measured_alike_alone_and_together(place: int) -> None:
    """The measures of an article do not depend on which others are measured with it; one may have no text."""
    chains = chains_of(drafts_with(shipped_models(), {1: "\n".join(CLEAR)}))
    chains.insert(place, [Story(chains[0][0].draft, captions=[(2,)])])
    together = measures(chains)
    for chain, values in zip(chains, together.values.tolist(), strict=True):
        alone = measures([chain])
        assert dict(zip(together.names, values, strict=True)) == dict(
            zip(alone.names, alone.values[0].tolist(), strict=True)
        )
    assert confidences(chains) == [confidences([chain])[0] for chain in chains]


@pytest.mark.parametrize(
    "text", ["", "\n", "清江日报", "。", "下转第3版", "清江新桥建成通车\n", "图：清江新桥。李明摄"]
)
def test_any_page_gets_confidences(text: str) -> None:
    """A page of one line, or of none, is measured too."""
    for article in segment_issue({1: text}).articles:
        assert 0 <= article.confidence <= 1


def test_measures_have_distinct_names() -> None:
    """A measure is found by its name."""
    names = sorted(measures(chains_of(drafts_with(shipped_models(), {1: "\n".join(CLEAR)}))).names)
    assert all(a != b for a, b in pairwise(names))
