"""Words of our own for furniture, marks, names and printed forms, read from pools.yaml beside this module."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

TEXT: Final = (Path(__file__).parent / "pools.yaml").read_text(encoding="utf-8")
_DATA: Final[dict[str, Any]] = yaml.safe_load(TEXT)

CN_DIGITS: Final = "〇一二三四五六七八九"
WEEKDAYS: Final = "一二三四五六日"

SURNAMES: Final[str] = _DATA["surnames"]
LONG_SURNAMES: Final[list[str]] = _DATA["long_surnames"]
GIVEN: Final[str] = _DATA["given"]
BORDER_NAMES: Final[list[str]] = _DATA["border_names"]
CITIES: Final[list[str]] = _DATA["cities"]
PAPER_KINDS: Final[list[str]] = _DATA["paper_kinds"]
STREETS: Final[list[str]] = _DATA["streets"]
SECTIONS: Final[list[str]] = _DATA["sections"]
LABELS: Final[list[str]] = _DATA["labels"]
LABEL_FORMS: Final[list[str]] = _DATA["label_forms"]
BRIEF_TITLES: Final[list[str]] = _DATA["brief_titles"]
BULLETS: Final[list[str]] = _DATA["bullets"]
MARKS: Final[list[str]] = _DATA["marks"]
SLOGANS: Final[list[str]] = _DATA["slogans"]
SKIES: Final[list[str]] = _DATA["skies"]
WINDS: Final[list[str]] = _DATA["winds"]
KICKER_HEADS: Final[list[str]] = _DATA["kicker_heads"]
JUMP_FORMS: Final[list[list[str]]] = _DATA["jump_forms"]
CREDIT_FORMS: Final[list[str]] = _DATA["credit_forms"]
CAPTION_HEADS: Final[list[str]] = _DATA["caption_heads"]
CAPTION_SCENES: Final[list[str]] = _DATA["caption_scenes"]
ADS: Final[list[list[str]]] = _DATA["ads"]
FURNITURE: Final[list[str]] = _DATA["furniture"]
TEASER_TITLES: Final[list[str]] = _DATA["teaser_titles"]
TEASER_FORMS: Final[list[str]] = _DATA["teaser_forms"]
PAGE_FORMS: Final[list[str]] = _DATA["page_forms"]
DATE_FORMS: Final[list[str]] = _DATA["date_forms"]
WEATHER_FORMS: Final[list[str]] = _DATA["weather_forms"]
REPORTER_TITLES: Final[list[str]] = _DATA["reporter_titles"]
CORRESPONDENT_TITLES: Final[list[str]] = _DATA["correspondent_titles"]
BYLINE_FORMS: Final[list[list[str]]] = _DATA["byline_forms"]
LEAD_NAMES: Final[list[str]] = _DATA["lead_names"]
LOOKALIKES: Final[dict[str, str]] = _DATA["lookalikes"]
WIRE_LEADS: Final[list[str]] = _DATA["wire_leads"]
WIRE_PLACES: Final[list[str]] = _DATA["wire_places"]
TAILS: Final[list[list[str]]] = _DATA["tails"]
SUBHEAD_VERBS: Final[list[str]] = _DATA["subhead_verbs"]
SUBHEAD_OBJECTS: Final[list[str]] = _DATA["subhead_objects"]
SUBHEAD_TEMPLATES: Final[list[str]] = _DATA["subhead_templates"]
