"""Words that texts share."""

from hypothesis import given
from hypothesis import strategies as st

from services.segment.page.shared_words import phrases, shared_words

TEXTS = st.lists(st.text("大桥通车学校，a1", max_size=12), min_size=1, max_size=4)


def counted(left: list[str], right: list[str], size: int) -> list[list[float]]:
    """The shares by plain sets."""

    def grams(text: str) -> set[str]:
        pieces = {text[k : k + size] for k in range(len(text) - size + 1)}
        return {p for p in pieces if "，" not in p}

    held = {g: sum(g in grams(t) for t in right) for t in left for g in grams(t)}
    weight = {g: 2520 // min(max(n, 1), 10) for g, n in held.items()}
    own = [sum(weight[g] for g in grams(t)) for t in left]
    return [
        [sum(weight[g] for g in grams(a) & grams(b)) / max(total, 1) for b in right]
        for a, total in zip(left, own, strict=True)
    ]


@given(TEXTS, TEXTS, st.sampled_from([2, 4]))
def test_shares_are_those_of_the_sets_of_phrases(left: list[str], right: list[str], size: int) -> None:
    """Repeats count once, and a phrase counts less the more texts hold it."""
    share, _ = shared_words(phrases(left, size), phrases(right, size))
    assert share.tolist() == counted(left, right, size)


def test_texts_without_words_share_nothing() -> None:
    """Neither do no texts."""
    assert shared_words(phrases(["，"], 2), phrases(["大桥通车"], 2))[0].tolist() == [[0.0]]
    assert shared_words(phrases([], 2), phrases(["大桥"], 2))[0].shape == (0, 1)
