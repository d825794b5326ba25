"""The administrative divisions of China with their codes, from provinces to towns, and the countries of the world."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from seeds.files import divisions
from services.tag.vocabulary import words

PROVINCE, CITY, COUNTY, TOWN = 2, 4, 6, 9
"""Significant digits in the code of each level: GB/T 2260 down to counties, GB/T 10114 for towns."""
GB_DIGITS = 6
ENDING = re.compile(
    rf"(?:特别行政区|维吾尔自治区|壮族自治区|回族自治区|自治区|(?:{'|'.join(words('peoples'))})+自治[州县旗]|自治[州县旗]"
    r"|地区|新区|林区|[省市盟区县旗])$"
)
AMBIGUOUS = frozenset(words("ambiguous_cities"))
COUNTRIES = words("countries")


@dataclass(frozen=True, slots=True)
class Division:
    """An administrative division; `code` has the digits of its level, `full_name` includes the divisions above it."""

    code: str
    name: str
    full_name: str

    @property
    def gb_code(self) -> str:
        """The printed code: six digits down to counties, nine for a town."""
        return self.code.ljust(GB_DIGITS, "0")

    def within(self, other: Division) -> bool:
        """Return whether this division is in `other`, or equals it."""
        return self.code.startswith(other.code)


Codes = tuple[str, ...]
Index = dict[str, Codes]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Codes by the names of divisions: full names, and short names of provinces, cities and counties.

    It holds only strings, so that the garbage collector does not visit forty thousand divisions again and again.
    """

    names: dict[str, str]
    whole: Index
    short: Index
    towns: Index


@cache
def gazetteer() -> Gazetteer:
    """Return the divisions of seeds/divisions.tsv.xz."""
    fields = divisions().replace("\n", "\t").split("\t")
    names = dict(zip(fields[::2], fields[1::2], strict=False))
    whole: Index = {}
    short: Index = {}
    towns: Index = {}
    for code, name in names.items():
        if len(code) == TOWN:
            towns[name] = (*towns[name], code) if name in towns else (code,)
            continue
        whole[name] = (*whole.get(name, ()), code)
        brief = ENDING.sub("", name)
        if len(brief) > 1 and brief != name:
            short[brief] = (*short.get(brief, ()), code)
    return Gazetteer(names, whole, short, towns)


@lru_cache(maxsize=2**16)
def division(code: str) -> Division:
    """Return the division with `code`, which must be one of the gazetteer's."""
    names = gazetteer().names
    above = [
        names[code[:digits]] for digits in (PROVINCE, CITY, COUNTY) if digits < len(code) and code[:digits] in names
    ]
    return Division(code, names[code], "".join([*above, names[code]]))
