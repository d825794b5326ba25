"""A cache by weight: bounded, and of use to what is larger than it."""

from services.segment.remembered import Remembered


def test_what_was_used_longest_ago_makes_room() -> None:
    """The total weight stays within the bound."""
    kept: Remembered[str] = Remembered(10)
    made: list[str] = []

    def ask(name: str, weight: int) -> str:
        return kept.get(name, weight, lambda: made.append(name) or name)  # type: ignore[func-returns-value]

    for name in ("a", "b", "a", "c", "a", "b"):
        kept.begin_round()
        assert ask(name, 5) == name
    assert made == ["a", "b", "c", "b"]


def test_what_is_larger_than_the_cache_finds_as_much_as_it_holds() -> None:
    """With the oldest driven out each time, going through ten in a ring of five would find none."""
    kept: Remembered[int] = Remembered(5)
    made = []
    for _ in range(3):
        kept.begin_round()
        for number in range(10):
            kept.get(number, 1, lambda number=number: made.append(number) or number)  # type: ignore[misc, func-returns-value]
    assert len(made) == 10 + 5 + 5


def test_what_is_too_heavy_is_not_kept() -> None:
    """It would drive out everything else."""
    kept: Remembered[str] = Remembered(5)
    kept.begin_round()
    kept.get("a", 5, lambda: "a")
    kept.begin_round()
    kept.get("b", 6, lambda: "b")
    assert kept.get("a", 5, lambda: "again") == "a"
