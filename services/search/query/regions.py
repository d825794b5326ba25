"""The cities of a province, and the counties of a city: a search for 浙江 also finds 舟山.

They come from the list of administrative divisions that tagging uses, `seeds/divisions.tsv.xz`: a code of 2 digits for
a province, 4 for a city or prefecture, and 6 for a county, each code beginning with that of the division it is part of.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Final

from seeds.files import divisions
from services.text.words import PLACE_TAG, tag

if TYPE_CHECKING:
    from collections.abc import Mapping

PROVINCE, CITY, COUNTY = 2, 4, 6
"""Digits of a code."""
PEOPLES: Final = (
    "藏族|回族|苗族|侗族|彝族|羌族|壮族|傣族|白族|瑶族|黎族|水族|土族|畲族|满族|景颇族|傈僳族|哈尼族|布依族|土家族|朝鲜族|"
    "蒙古族|蒙古|哈萨克|柯尔克孜|维吾尔"
)
ENDING: Final = re.compile(rf"(?:{PEOPLES})*(?:特别行政区|自治区|自治州|自治县|自治旗|地区|省|市|盟|县|区)$")
SHORTEST: Final = 2
"""Characters of a name without its ending."""


def parts_of(name: str) -> tuple[str, ...]:
    """Return the names of the parts of the province or city `name`, which may lack its ending; () for other names."""
    return _parts().get(name, ())


def _short(name: str) -> str:
    short = ENDING.sub("", name)
    return short if len(short) >= SHORTEST else name


@cache
def _parts() -> Mapping[str, tuple[str, ...]]:
    rows = [line.split("\t")[:2] for line in divisions().splitlines()]
    names = {code: name for code, name in rows if len(code) <= COUNTY}
    shared = Counter(short for short, _ in {(_short(name), code[:CITY]) for code, name in names.items()})
    parts: dict[str, dict[str, None]] = {}
    for code, name in names.items():
        if len(code) == PROVINCE:
            continue
        above = code[:CITY] if len(code) == COUNTY and code[:CITY] in names else code[:PROVINCE]
        whole = names[above]
        short = _short(name)
        known = short if shared[short] == 1 and (len(code) == CITY or tag(short) == PLACE_TAG) else name
        if len(above) == PROVINCE or shared[_short(whole)] == 1:
            for written in {whole, _short(whole)}:
                parts.setdefault(written, {})[known] = None
    return {name: tuple(found) for name, found in parts.items()}
