"""Files put together into one ZIP archive, always with the same bytes for the same content."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that the format knows; the time of packing says nothing."""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return the archive of files by path."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(zipfile.ZipInfo(path, EPOCH), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
