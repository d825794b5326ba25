"""The watched searches of each editor, in Elasticsearch, where a sign-on names the editor."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from elasticsearch import AsyncElasticsearch, ConflictError, NotFoundError

from services.desk.archive.refusals import in_words
from services.desk.problems import Conflict
from services.desk.watching.watches import Watch
from services.runtime.elasticsearch.store import create_unless_there

if TYPE_CHECKING:
    from collections.abc import Callable

MAPPING: Final = {
    "dynamic": "strict",
    "properties": {"editor": {"type": "keyword"}, "watches": {"type": "object", "enabled": False}},
}
TRIES: Final = 5


@dataclass(frozen=True, slots=True)
class KeptWatches:
    """The searches that one editor watches.

    Attributes:
        index: the index that keeps them; the first change creates it.
        editor: the name from the sign-on.
    """

    client: AsyncElasticsearch
    index: str
    editor: str

    async def read(self) -> tuple[Watch, ...]:
        """Return the list, the latest first.

        Raises:
            Away: Elasticsearch does not answer.
        """
        async with in_words():
            found, _ = await self._get()
        return found

    async def change(self, change: Callable[[tuple[Watch, ...]], tuple[Watch, ...]]) -> tuple[Watch, ...]:
        """Replace the list by `change` of it, and return it; a change from another window in between is not lost.

        Raises:
            Away: Elasticsearch does not answer.
            Conflict: other windows changed it again and again in between.
        """
        async with in_words():
            await self._ensure()
            for _ in range(TRIES):
                before, place = await self._get()
                after = change(before)
                if after == before:
                    return before
                source = {"editor": self.editor, "watches": {"list": [one.model_dump(mode="json") for one in after]}}
                condition = (
                    {"op_type": "create"} if place is None else {"if_seq_no": place[0], "if_primary_term": place[1]}
                )
                try:
                    await self.client.index(index=self.index, id=self._id, document=source, **condition)
                except ConflictError:
                    continue
                return after
        raise Conflict(
            "busy", "The list was changed elsewhere at the same time; try again.", "列表刚在别处有改动，请再试一次。"
        )

    @property
    def _id(self) -> str:
        return hashlib.sha256(self.editor.encode()).hexdigest()

    async def _get(self) -> tuple[tuple[Watch, ...], tuple[int, int] | None]:
        try:
            answer = await self.client.get(index=self.index, id=self._id)
        except NotFoundError:
            return (), None
        listed = answer["_source"]["watches"]["list"]
        return tuple(Watch.model_validate(one) for one in listed), (answer["_seq_no"], answer["_primary_term"])

    async def _ensure(self) -> None:
        if await self.client.indices.exists(index=self.index):
            return
        settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
        await create_unless_there(self.client, self.index, mappings=MAPPING, settings=settings)
