"""Reads what a weather item says about each place and day, from its words."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from services.segment.article import Forecast
from services.segment.formulas.weather_degrees import OPENINGS, temperature_at
from services.segment.formulas.weather_lexicon import PARTS
from services.segment.formulas.weather_words import normalised, tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from services.segment.formulas.weather_words import Token
    from services.text.normal import Normalised

_PART = re.compile("|".join(PARTS.split()))
_WIND = frozenset(("direction", "level"))
_WIND_JOINTS = frozenset(("turn", "blank", "pause", "join", "slash", "dash"))
_CHUNK = frozenset(("text", "mild", "sky", "turn"))
_NO_PLACE = frozenset(
    "这那该场最较曾也及像并已从到受使让被令迎遭冒着降请注意宜防备带伞出门适受影响持续预计体感舒气象台站局布信号指的了将在是会较需多雨风空日度级天为由其有无不和"
)
_LONGEST_PLACE = 8
_VALUES = frozenset(("humidity", "uv", "aqi", "pm25", "air"))


@dataclass(slots=True)
class _Draft:
    """A forecast that is still being read."""

    place: str = ""
    day: str = ""
    part: str = ""
    sky: list[str] = field(default_factory=list)
    wind: list[str] = field(default_factory=list)
    low: Decimal | None = None
    high: Decimal | None = None
    sure: bool = True
    said: dict[str, str] = field(default_factory=dict)

    @property
    def told(self) -> bool:
        """Whether the item gave anything other than a place and a day."""
        return bool(self.sky or self.wind or self.said or self.has_degrees)

    @property
    def has_degrees(self) -> bool:
        return self.low is not None or self.high is not None or not self.sure

    def take(self, low: Decimal | None, high: Decimal | None, *, sure: bool) -> None:
        """Add a temperature. If it differs from an earlier value, the forecast is unsure and gets no temperatures."""
        clash = (None not in {low, self.low} and low != self.low) or (
            None not in {high, self.high} and high != self.high
        )
        self.low = low if self.low is None else self.low
        self.high = high if self.high is None else self.high
        cold = self.low is not None and self.high is not None and self.low > self.high
        self.sure = self.sure and sure and not clash and not cold


@dataclass(frozen=True, slots=True)
class Readings:
    """The forecasts of an item in printed order, its warnings, and whether the reader read all its temperatures.

    `known` is the share of the item's characters that the lexicon knows, from 0 to 1.
    """

    forecasts: tuple[Forecast, ...]
    warnings: tuple[str, ...]
    whole: bool
    known: float


class _Reader:
    """Reads the words of an item in a single pass and fills a draft for each place and day."""

    def __init__(self, text: str) -> None:
        self.printed = text
        self.normal: Normalised = normalised(text)
        self.tokens: Sequence[Token] = tokens_of(self.normal.text)
        self.drafts = [_Draft()]
        self.warnings: list[str] = []
        self.fresh = True
        self.loose = False  # whether this clause has a 最高 or 最低 without a number after it

    def read(self) -> None:
        at = 0
        while at < len(self.tokens):
            kind = self.tokens[at].kind
            if kind in OPENINGS and (found := temperature_at(self.tokens, at)) is not None:
                self.drafts[-1].take(found.low, found.high, sure=found.sure and not self.loose)
                at, self.fresh = found.end, True
            elif kind in _WIND:
                at = self._wind(at)
            elif self._in_chunk(at):
                at = self._chunk(at)
            else:
                self._single(self.tokens[at])
                at += 1

    def _single(self, token: Token) -> None:
        draft = self.drafts[-1]
        if token.kind == "day":
            self._day(token)
        elif token.kind == "warning":
            self.warnings.append(self._cut(token.start, token.end))
        elif token.kind == "degree" and token.text != "摄氏":
            draft.sure = False  # a unit without its number
        elif token.kind in _VALUES:
            draft.said.setdefault(token.kind, token.said)
        self.loose = token.kind == "loose" or (self.loose and token.kind not in {"pause", "stop"})
        self.fresh = token.kind in {"day", "title", "stop", "blank", "pause"}

    def _day(self, token: Token) -> None:
        printed = self._cut(token.start, token.end).strip()
        part = _PART.search(token.text)
        whole = printed if not part else self._cut(token.start, token.start + part.start()).strip()
        last = self.drafts[-1]
        if last.told:
            self.drafts.append(_Draft(last.place, whole or last.day, printed[len(whole) :]))
        elif whole:
            last.day, last.part = whole, printed[len(whole) :]
        else:
            last.part = printed

    def _wind(self, at: int) -> int:
        end = at + 1
        look = end
        while look < len(self.tokens) and self.tokens[look].kind in _WIND | _WIND_JOINTS:
            look += 1
            if self.tokens[look - 1].kind in _WIND:
                end = look
        printed = self._cut(self.tokens[at].start, self.tokens[end - 1].end)
        self.drafts[-1].wind.append(re.sub(r"\s", "", printed))
        self.fresh = False
        return end

    def _kind(self, at: int) -> str:
        return self.tokens[at].kind if at < len(self.tokens) else ""

    def _in_chunk(self, at: int) -> bool:
        return self._kind(at) in _CHUNK or self._is_numeral(at)

    def _is_numeral(self, at: int) -> bool:
        """Return whether the token is a Chinese numeral, which may be part of a word such as 三亚 or 九江."""
        return self._kind(at) == "number" and not self.tokens[at].text[0].isascii()

    def _chunk(self, at: int) -> int:
        """Read a run of words that are not values: a place, the sky, or neither."""
        end = at
        while self._in_chunk(end) or (self._kind(end) == "join" and self._in_chunk(end + 1)):
            end += 1
        run = self.tokens[at:end]
        first_sky = next((k for k, token in enumerate(run) if token.kind == "sky"), len(run))
        named = first_sky
        while named and run[named - 1].kind in {"mild", "turn"}:
            named -= 1
        place = self._cut(run[0].start, run[named - 1].end) if named else ""
        if self._is_place(place, run[:named], end, attached=first_sky < len(run)):
            self._place(place)
            run = run[named:]
        if any(token.kind == "sky" for token in run):
            self.drafts[-1].sky.append(self._cut(run[0].start, run[-1].end))
        self.fresh = False
        return end

    def _is_place(self, name: str, run: Sequence[Token], end: int, *, attached: bool) -> bool:
        if not self.fresh or not 2 <= len(name) <= _LONGEST_PLACE or set(name) & _NO_PLACE:  # noqa: PLR2004
            return False
        if not any(token.kind == "text" for token in run) or not name.isalpha() or name.isascii():
            return False
        following = self.tokens[end] if end < len(self.tokens) else None
        return attached or (
            following is not None
            and (following.kind in {"blank", "day"} or following.text.strip() == ":" or following.kind in OPENINGS)
        )

    def _place(self, name: str) -> None:
        last = self.drafts[-1]
        if last.told:
            self.drafts.append(_Draft(name, last.day, last.part))
        else:
            last.place = name

    def _cut(self, start: int, end: int) -> str:
        first, last = self.normal.original(start, end)
        return self.printed[first:last]


def read_records(text: str) -> Readings:
    """Return what a weather item says. A record has no temperatures unless they can be read in exactly one way."""
    reader = _Reader(text)
    reader.read()
    drafts = _day_with_night([draft for draft in reader.drafts if draft.told])
    return Readings(
        tuple(_forecast(draft) for draft in drafts),
        tuple(dict.fromkeys(reader.warnings)),
        all(draft.sure for draft in reader.drafts),
        _known_share(reader.tokens),
    )


def _known_share(tokens: Sequence[Token]) -> float:
    total = sum(token.end - token.start for token in tokens)
    known = sum(token.end - token.start for token in tokens if token.kind != "text")
    return known / total if total else 0.0


def _day_with_night(drafts: list[_Draft]) -> list[_Draft]:
    """Join the highest by day and the lowest by night of the same place and day: 今天白天…最高26℃；夜间…最低18℃."""
    joined: list[_Draft] = []
    for draft in drafts:
        last = joined[-1] if joined else None
        if last is not None and draft.place == last.place and _belong_together(last, draft):
            last.take(draft.low, draft.high, sure=draft.sure)
            last.sky += [sky for sky in draft.sky if sky not in last.sky]
            last.wind += [wind for wind in draft.wind if wind not in last.wind]
            last.said = draft.said | last.said
            last.part = ""
        else:
            joined.append(replace(draft))
    return joined


def _belong_together(first: _Draft, second: _Draft) -> bool:
    """Return whether two parts of a day together have a single lowest and a single highest temperature."""
    if not second.part or second.day not in {first.day, ""}:
        return False
    if not first.has_degrees:
        return second.has_degrees  # 今天多云，午后有雷阵雨，气温22～30℃
    if not (first.sure and second.sure):
        return False
    return (
        (first.low is None) != (first.high is None)
        and (second.low is None) == (first.low is not None)
        and ((second.high is None) == (first.high is not None))
    )


def _forecast(draft: _Draft) -> Forecast:
    humidity = [int(number) for number in re.findall(r"\d+", draft.said.get("humidity", ""))]
    return Forecast(
        place=draft.place,
        day=draft.day + draft.part,
        sky="，".join(draft.sky),
        wind="；".join(draft.wind) or None,
        low_celsius=_plain(draft.low) if draft.sure else None,
        high_celsius=_plain(draft.high) if draft.sure else None,
        humidity_low=min(humidity, default=None),
        humidity_high=max(humidity, default=None),
        ultraviolet=draft.said.get("uv") or None,
        air_quality=draft.said.get("air") or None,
        air_quality_index=draft.said.get("aqi") or None,
        pm25=draft.said.get("pm25") or None,
    )


def _plain(value: Decimal | None) -> int | float | None:
    """Return a temperature as an int if it is an integer."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
