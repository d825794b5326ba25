"""Wrapped lines as running text."""

from services.segment.page.unwrapping import join_heading, join_lines


def test_chinese_lines_join_without_a_space_and_numbers_stay_whole() -> None:
    """Neither a break nor a stray blank splits words or numbers."""
    assert join_lines(["全市共有 33 所学", "校，学生达12", "00人。"]) == "全市共有33所学校，学生达1200人。"


def test_latin_words_stay_apart() -> None:
    """A break between Latin words is a space."""
    assert join_lines(["他们演唱了 Auld Lang", "Syne 等歌曲"]) == "他们演唱了Auld Lang Syne等歌曲"


def test_a_pause_in_a_headline_stays() -> None:
    """Phrases of a headline keep the pause that was printed between them."""
    assert join_heading(["春耕备耕忙起来 田间地头见新貌"]) == "春耕备耕忙起来 田间地头见新貌"


def test_a_spaced_out_headline_is_closed_up() -> None:
    """Letters set apart for effect are one word again."""
    assert join_heading(["春 耕 正 忙", "田间地头见新貌"]) == "春耕正忙田间地头见新貌"
