"""The desk's texts in Chinese and English, from interface.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    from services.desk.problems import Language

LANGUAGES: Final[tuple[Language, ...]] = ("zh", "en")
TAGS: Final[dict[Language, str]] = {"zh": "zh-Hans", "en": "en"}
"""The values of `<html lang>`."""


@dataclass(frozen=True, slots=True)
class Interface:
    """The texts of a language; a call with a key returns the text with its values filled in."""

    language: Language
    words: Mapping[str, str]

    def __call__(self, key: str, **values: Any) -> str:
        """Return the text for `key`, with separators of thousands in numbers.

        Raises:
            KeyError: the text does not exist.
        """
        text = self.words[key]
        shown = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
        return text.format(**shown) if values else text

    def or_value(self, key: str, value: str) -> str:
        """Return the text for `key`, or `value` itself if there is none, for example for an unknown kind or flag."""
        return self.words.get(key, value)

    def counted(self, key: str, n: int) -> str:
        """Return the text for `n` things: `key`.one for a single thing, if the language has a singular."""
        return self(f"{key}.one" if n == 1 and f"{key}.one" in self.words else key, n=n)


@cache
def interface(language: Language) -> Interface:
    """Return the interface in a language."""
    return Interface(language, {key: texts[language] for key, texts in texts_of_all().items() if language in texts})


@cache
def texts_of_all() -> dict[str, dict[str, str]]:
    """Return every text by key and language."""
    content: dict[str, dict[str, str]] = yaml.safe_load(
        (files("services.desk") / "interface.yaml").read_text(encoding="utf-8")
    )
    return content


def preferred(accepted: str, default: Language) -> Language:
    """Return the language that an Accept-Language header asks for first; `default` if it asks for neither."""
    ranked: list[tuple[float, int, Language]] = []
    for place, item in enumerate(accepted.split(",")[:20]):
        tag, _, parameters = item.strip().partition(";")
        language = tag.strip().lower().split("-")[0]
        try:
            weight = float(parameters.strip().removeprefix("q=")) if parameters.strip() else 1.0
        except ValueError:
            continue
        ranked += [(-weight, place, known) for known in LANGUAGES if known == language and weight > 0]
    return min(ranked)[2] if ranked else default
