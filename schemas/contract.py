"""How a message becomes bytes and bytes become a message.

Every model on a topic derives from `Contract`. Messages that others send us derive from `Inbound`, which refuses
unknown fields, so that a misspelt field is not silently lost. Between our own services, unknown fields are ignored. So
a newer producer can run beside an older consumer during a rolling upgrade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic_core import ErrorDetails

SHOWN_VALUE_CHARACTERS = 60
SHOWN_ERRORS = 3
MAX_REVISION = 2**42 - 1

Revision = Annotated[int, Field(ge=0, le=MAX_REVISION)]
ArticleKind = Literal["story", "brief", "photo", "weather", "notice"]


class ContractError(ValueError):
    """Bytes do not hold the expected message; the error's text names the field, the value and the remedy."""


def is_absent(value: object) -> bool:
    """Return whether a field is left out of the message because it is None.

    Give this function to `Field` as `exclude_if` for a field that is newer than messages that must not change.
    """
    return value is None


class Contract(BaseModel):
    """A message between our own services: frozen, strict about types, tolerant of fields it does not know.

    Pydantic prepares a model when it is first used, because a process uses few of them.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", defer_build=True)

    def encode(self) -> bytes:
        """Return the message as UTF-8 JSON; the same message always gives the same bytes."""
        return to_json(self)


class Inbound(Contract):
    """A message that others send us: like `Contract`, but an unknown field is an error."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


Message = TypeVar("Message")


def decode(kind: type[Message] | TypeAdapter[Message], value: bytes | None) -> Message:
    """Return the message in `value`, the UTF-8 JSON bytes of a record.

    Raises:
        ContractError: `value` is empty, is not JSON, or does not fit the contract. The text names at most three fields.
    """
    if not value:
        raise ContractError("empty value: expected a JSON object")
    try:
        if isinstance(kind, TypeAdapter):
            return kind.validate_json(value)
        if issubclass(kind, BaseModel):
            return kind.model_validate_json(value)
        return TypeAdapter(kind).validate_json(value)
    except ValidationError as error:
        raise ContractError(describe(error.errors(include_url=False))) from None


def describe(errors: Iterable[ErrorDetails]) -> str:
    """Return a line for people: each wrong field, its value (shortened) and what is expected."""
    parts = []
    for error in errors:
        field = ".".join(str(step) for step in error["loc"]) or "message"
        if error["type"] == "json_invalid":
            parts.append(f"not valid JSON: {error['ctx']['error']}")
        elif error["type"] == "missing":
            parts.append(f"{field}: missing; add this field")
        elif error["type"] == "extra_forbidden":
            parts.append(f"{field}: unknown field; remove it or correct its spelling")
        elif error["type"] == "value_error":
            parts.append(str(error["ctx"]["error"]))
        else:
            parts.append(f"{field}: {error['msg']}, got {shorten(error['input'])}")
    shown = parts[:SHOWN_ERRORS]
    if len(parts) > SHOWN_ERRORS:
        shown.append(f"and {len(parts) - SHOWN_ERRORS} more")
    return "; ".join(shown)


def shorten(value: object) -> str:
    """Return `value` as Python would print it, shortened to fit in a line of a log."""
    text = repr(value) if not isinstance(value, str) else repr(value[: SHOWN_VALUE_CHARACTERS * 2])
    return text if len(text) <= SHOWN_VALUE_CHARACTERS else text[:SHOWN_VALUE_CHARACTERS] + "…"
