"""Read the articles in the index for a command; what goes wrong is said in words."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from elasticsearch import ApiError, NotFoundError

from services.runtime.elasticsearch.store import connected, is_passing
from services.runtime.errors import BroadsheetError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from elasticsearch import AsyncElasticsearch

    from services.runtime.settings import Settings


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[AsyncElasticsearch]:
    """Give a client to read articles with, and close it.

    Raises:
        BroadsheetError: there are no articles yet, or Elasticsearch refuses the search.
        Unavailable: Elasticsearch does not answer.
    """
    async with connected(settings) as client:
        try:
            yield client
        except NotFoundError:
            raise BroadsheetError("There is no index of articles yet; publish something first.") from None
        except ApiError as error:
            if is_passing(error):
                raise
            raise BroadsheetError(f"Elasticsearch refuses the search: {error.error}") from None
