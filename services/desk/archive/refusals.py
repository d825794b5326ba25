"""Turn Elasticsearch's refusals and timeouts into errors for a person; log the reason."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import structlog
from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError

from services.desk.problems import Away, BadRequest, from_query
from services.runtime.errors import NotAdmitted
from services.search.query.errors import QueryError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

log = structlog.get_logger(__name__)


@asynccontextmanager
async def in_words() -> AsyncIterator[None]:
    """Turn errors from Elasticsearch, or from its absence, into a `DeskError`.

    Raises:
        BadRequest: Elasticsearch cannot run the search.
        Away: there is no archive yet, or Elasticsearch does not answer.
    """
    try:
        yield
    except QueryError as error:
        raise from_query(error) from None
    except NotFoundError:
        raise Away(
            "no-archive",
            "There is no archive yet: nothing has been published, or the index is not set up.",
            "档案尚未建立：还没有发布任何报纸，或索引尚未创建。",
        ) from None
    except ApiError as error:
        log.warning("Elasticsearch refuses", reason=str(error.error), status=error.meta.status)
        if error.meta.status in (400, 413):
            raise BadRequest(
                "refused", "The search cannot be carried out; make it simpler.", "无法执行此查询，请简化。"
            ) from None
        raise _away() from None
    except NotAdmitted as error:
        log.warning("Elasticsearch does not let the desk in", reason=str(error))
        raise _away() from None
    except TransportError as error:
        log.warning("Elasticsearch does not answer", reason=type(error).__name__)
        raise _away() from None


def _away() -> Away:
    return Away(
        "archive-away",
        "The archive does not answer just now. Nothing is lost; please try again in a moment.",
        "档案库暂时没有响应。数据不会丢失，请稍后再试。",
    )
