"""What `broadsheet correct` refuses before it asks any server."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result

ARTICLE = "渔港日报/2023-08-15/0123456789ab"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((ARTICLE,), "Give one of --headline, --topics, --kind, --merge, --split and --take-back"),
        ((ARTICLE, "--headline", "新", "--topics", "customs"), "Give one of --headline"),
        ((ARTICLE, "--headline", "长" * 201), "headline: "),
        ((ARTICLE, "--kind", "poem"), "kind: "),
        ((ARTICLE, "--merge", ARTICLE), "an article cannot be merged with itself"),
        ((ARTICLE, "--merge", "渔港日报/2023-08-16/0123456789ab"), "merge articles of one issue"),
        (("渔港日报/2023-08-15", "--headline", "新"), "is not the id of an article"),
    ],
)
def test_what_is_no_correction_is_refused_in_a_line(
    broadsheet: Callable[..., Result], arguments: tuple[str, ...], said: str
) -> None:
    result = broadsheet("correct", *arguments, "--by", "周敏")
    assert (result.exit_code, result.stdout) == (1, "")
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
