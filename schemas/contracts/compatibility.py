"""What may change in a published schema: compare two schemas of a topic and name every change that breaks someone.

Readers hold us to what we write: a field stays, stays present, and keeps its type and limits; new fields are optional.
Writers hold us to what we accept: whatever fitted before fits now. An enumeration is open if it allows a pattern beside
its values: readers were told that values may be added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Schema = dict[str, Any]

LOWER: Final = ("minimum", "exclusiveMinimum", "minLength", "minItems")
UPPER: Final = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")

SAFE: Final = "or begin a new major version: a topic beside this one, and a new number in schemas/contracts/ids.py"


@dataclass(frozen=True, slots=True)
class Breaking:
    """A change that breaks a reader or a writer.

    Attributes:
        where: the field, as a path from the message.
        what: what changed.
        remedy: what to do instead.
    """

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}; {self.remedy}, {SAFE}"


def breaking(before: Schema, after: Schema, *, ours: bool) -> list[Breaking]:
    """Return every change from schema `before` to `after` that breaks someone.

    Args:
        before: the schema of the last release.
        after: the schema now.
        ours: whether we write the messages and others read them; else others write and we read.
    """
    return list(_Comparison(before, after, ours=ours).of(before, after, ""))


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Two whole schemas, in which references are looked up."""

    before: Schema
    after: Schema
    ours: bool

    def of(self, before: Schema, after: Schema, where: str) -> Iterator[Breaking]:
        """Yield what breaks between two parts of the schemas that describe the same value."""
        old, new = _alternatives(before, self.before), _alternatives(after, self.after)
        lost, gained = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
        if self.ours and gained:
            remedy = "put it into a new optional field, and keep this one"
            yield Breaking(where or "message", f"may now also be {', '.join(gained)}", remedy)
        if not self.ours and lost:
            yield Breaking(where or "message", f"may no longer be {', '.join(lost)}", "keep accepting it")
        if self.ours and lost and not new.keys() & old.keys():
            yield Breaking(where or "message", f"is no longer {', '.join(lost)}", "keep the field as it is")
        for kind in sorted(old.keys() & new.keys()):
            yield from self._same_kind(old[kind], new[kind], where)

    def _same_kind(self, before: Schema, after: Schema, where: str) -> Iterator[Breaking]:
        yield from self._limits(before, after, where)
        yield from self._values(before, after, where)
        if "properties" in before or "properties" in after:
            yield from self._fields(before, after, where)
        if "items" in before and "items" in after:
            yield from self.of(before["items"], after["items"], f"{where}[]")
        pairs = zip(before.get("prefixItems", ()), after.get("prefixItems", ()), strict=False)
        for place, (old, new) in enumerate(pairs):
            yield from self.of(old, new, f"{where}[{place}]")

    def _fields(self, before: Schema, after: Schema, where: str) -> Iterator[Breaking]:
        old, new = before.get("properties", {}), after.get("properties", {})
        had, has = set(before.get("required", ())), set(after.get("required", ()))
        for name in sorted(old.keys() - new.keys()):
            remedy = "keep writing it" if self.ours else "keep accepting it, and ignore it"
            yield Breaking(f"{where}.{name}".lstrip("."), "is gone", remedy)
        for name in sorted((has - had) - old.keys()):
            yield Breaking(f"{where}.{name}".lstrip("."), "is new and required", "give it a default")
        for name in sorted(old.keys() & new.keys()):
            place = f"{where}.{name}".lstrip(".")
            if self.ours and name in had - has:
                yield Breaking(place, "may now be left out", "keep writing it")
            if not self.ours and name in has - had:
                yield Breaking(place, "is now required", "keep its default")
            yield from self.of(old[name], new[name], place)

    def _limits(self, before: Schema, after: Schema, where: str) -> Iterator[Breaking]:
        for limit in (*LOWER, *UPPER):
            old, new = before.get(limit), after.get(limit)
            if old == new:
                continue
            if limit in LOWER:
                wider = new is None or (old is not None and new < old)
            else:
                wider = new is None or (old is not None and new > old)
            if wider == self.ours:
                remedy = "keep the limit" if self.ours else "keep accepting what was accepted"
                yield Breaking(where or "message", f"{limit} was {old}, is {new}", remedy)
        old, new = before.get("pattern"), after.get("pattern")
        if old != new and not (self.ours and old is None) and not (not self.ours and new is None):
            yield Breaking(where or "message", f"the pattern was {old}, is {new}", "keep the pattern")

    def _values(self, before: Schema, after: Schema, where: str) -> Iterator[Breaking]:
        old, new = _enumeration(before), _enumeration(after)
        if old is None and new is None:
            return
        if self.ours and old is not None and not _is_open(before):
            more = "any value" if new is None else ", ".join(sorted(new - old))
            if more and not (new is not None and new <= old and not _is_open(after)):
                yield Breaking(where or "message", f"may now be {more}", "declare the enumeration open first")
        if not self.ours and new is not None:
            less = ["other values"] if old is None else sorted(old - new)
            if less:
                yield Breaking(where or "message", f"may no longer be {', '.join(less)}", "keep accepting it")


def _alternatives(node: Schema, whole: Mapping[str, Any]) -> dict[str, Schema]:
    """Return what a value may be, by kind: a JSON type, or an object told apart by a constant or by its fields."""
    node = _resolved(node, whole)
    choices = node.get("oneOf") or ([] if "type" in node else node.get("anyOf"))
    if not choices:
        return {_kind(node): node}
    found: dict[str, Schema] = {}
    for choice in choices:
        found |= _alternatives(choice, whole)
    return found


def _resolved(node: Schema, whole: Mapping[str, Any]) -> Schema:
    while "$ref" in node:
        target: Any = whole
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        node = target
    return node


def _kind(node: Schema) -> str:
    told = {
        name: field["const"]
        for name, field in node.get("properties", {}).items()
        if "const" in field and name in ("type", "change")
    }
    if told:
        return "an object with " + " and ".join(f"{name} {value}" for name, value in sorted(told.items()))
    if "const" in node:
        return f"the value {node['const']}"
    return f"of type {node.get('type', 'any')}"


def _enumeration(node: Schema) -> set[str] | None:
    """Return the known values of a closed or open enumeration; None if it is none."""
    if "enum" in node:
        return set(node["enum"])
    for choice in node.get("anyOf", ()):
        if "enum" in choice:
            return set(choice["enum"])
    return None


def _is_open(node: Schema) -> bool:
    return "enum" not in node
