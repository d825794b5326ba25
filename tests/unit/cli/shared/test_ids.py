"""Short ids."""

from __future__ import annotations

import asyncio

import pytest

from services.cli.shared.ids import SHORT, id_of_article, only
from services.runtime.errors import BroadsheetError
from services.runtime.settings import load_settings


@pytest.mark.parametrize("text", ["4379", "4379b013f403", "茂名日报/2023-08-15/4379"])
def test_the_end_of_an_id_or_its_beginning_is_short(text: str) -> None:
    assert SHORT.fullmatch(text)


@pytest.mark.parametrize("text", ["437", "茂名日报/2023-08-15", "4379b013f4030", "XYZ1"])
def test_anything_else_is_not(text: str) -> None:
    assert not SHORT.fullmatch(text)


def test_only_a_unique_beginning_names_an_article() -> None:
    assert only("4379", ["p/2023-08-15/4379b013f403"]) == "p/2023-08-15/4379b013f403"
    with pytest.raises(BroadsheetError, match="more than one id: a, b"):
        only("4379", ["a", "b"])
    with pytest.raises(BroadsheetError, match="no article whose id"):
        only("4379", [])


@pytest.mark.parametrize("text", ["zzzzzz", "437", "茂名日报/2023-08-15", "茂名日报/2023-08-15/4379b013f4030"])
def test_what_is_no_id_is_refused_without_asking_a_server(text: str) -> None:
    with pytest.raises(BroadsheetError, match=f"'{text}' is not the id of an article, such as"):
        asyncio.run(id_of_article(load_settings(elasticsearch="http://127.0.0.1:9"), text))
