"""The kind of a line of furniture."""

from __future__ import annotations

import pytest

from services.segment.formulas.furniture import furniture_kind


@pytest.mark.parametrize(
    ("plain", "kind"),
    [
        ("第3版", "folio"),
        ("第12页", "folio"),
        ("第十二版", "folio"),
        ("—3—", "folio"),
        ("A03", "folio"),
        ("《渔港日报》（2023年8月15日第3版）", "other"),
        ("责编：周启明电话：55550100", "other"),
        ("渔港日报", "nameplate"),
        ("服务渔港百姓生活", "slogan"),
    ],
)
def test_the_kind_follows_from_what_is_printed(plain: str, kind: str) -> None:
    """A number of a page in any form is a folio."""
    assert furniture_kind(plain, weather=False, label=False, top=False) == kind
