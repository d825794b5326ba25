"""The changes between two taxonomies, one on each line, for a person about to push a taxonomy."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.taxonomy import Taxonomy, TopicDefinition

SHOWN_WORDS = 12


def changes(old: Taxonomy, new: Taxonomy) -> tuple[str, ...]:
    """Return the changes from `old` to `new`, topic by topic in the order of `new`; nothing if they are equal."""
    before = {topic.id: topic for topic in old.topics}
    after = {topic.id: topic for topic in new.topics}
    lines = [] if old.version == new.version else [f"version {old.version} -> {new.version}"]
    for name, topic in after.items():
        if name not in before:
            terms = sum(len(group.words) for group in topic.terms)
            lines.append(f"+ {name} ({topic.label}, {topic.label_en}): {terms} terms, threshold {topic.threshold:g}")
        else:
            lines.extend(f"~ {name}: {change}" for change in _changed(before[name], topic))
    lines.extend(f"- {name} ({topic.label}, {topic.label_en})" for name, topic in before.items() if name not in after)
    return tuple(lines)


def _changed(old: TopicDefinition, new: TopicDefinition) -> Iterator[str]:
    for field in ("label", "label_en", "iptc", "iptc_match", "threshold"):
        if getattr(old, field) != getattr(new, field):
            yield f"{field} {getattr(old, field)} -> {getattr(new, field)}"
    before, after = dict(_weighed(old)), dict(_weighed(new))
    yield from _words("terms added", [f"{word} {said}" for word, said in after.items() if word not in before])
    yield from _words("terms dropped", [word for word in before if word not in after])
    moved = [word for word in after if word in before and after[word] != before[word]]
    yield from _words("terms changed", [f"{word} {before[word]} -> {after[word]}" for word in moved])
    yield from _words("lookalikes added", [word for word in new.lookalikes if word not in old.lookalikes])
    yield from _words("lookalikes dropped", [word for word in old.lookalikes if word not in new.lookalikes])
    weights = [
        name for name in type(new.formula).model_fields if getattr(old.formula, name) != getattr(new.formula, name)
    ]
    yield from _words(
        "formula", [f"{name} {getattr(old.formula, name):g} -> {getattr(new.formula, name):g}" for name in weights]
    )


def _weighed(topic: TopicDefinition) -> Iterator[tuple[str, str]]:
    """Yield each term with its weight and the other terms it needs."""
    for group in topic.terms:
        company = f" near {'/'.join(group.near)}" if group.near else ""
        company += f" unless {'/'.join(group.unless)}" if group.unless else ""
        for word in group.words:
            yield word, f"{group.weight:g}{company}"


def _words(title: str, words: list[str]) -> Iterator[str]:
    if words:
        more = f" and {len(words) - SHOWN_WORDS} more" if len(words) > SHOWN_WORDS else ""
        yield f"{title}: {', '.join(words[:SHOWN_WORDS])}{more}"
