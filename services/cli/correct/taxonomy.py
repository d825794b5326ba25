"""`broadsheet taxonomy`: check, push, show and compare the desk's topics."""

from __future__ import annotations

import asyncio
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from services.cli.shared.console import err, out, print_json
from services.runtime.errors import BroadsheetError
from services.topics.pushed import PushedTaxonomy, in_force, pushed
from services.topics.taxonomy.blocks import as_yaml
from services.topics.taxonomy.diff import changes
from services.topics.taxonomy.faults import TaxonomyError
from services.topics.taxonomy.seed import seed_taxonomy, shipped
from services.topics.taxonomy.taxonomy import encode_taxonomy, parse_taxonomy

if TYPE_CHECKING:
    from schemas.taxonomy import Taxonomy
    from services.runtime.settings import Settings

SHOWN_FAULTS = 10


def read_file(path: Path) -> Taxonomy:
    """Return the taxonomy in a YAML file, or the shipped one that `seed` or `newsroom` names where no file does.

    Raises:
        BroadsheetError: the taxonomy has mistakes; the text names the line and field of each mistake.
    """
    named = None if path.exists() else shipped(str(path))
    if named is not None:
        return named
    if not path.is_file():
        raise BroadsheetError(f"No such file: {path}. Name a taxonomy in YAML, seed, or newsroom.")
    try:
        return parse_taxonomy(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise BroadsheetError(f"{path}: not UTF-8 at byte {error.start}; save the file as UTF-8") from None
    except TaxonomyError as error:
        faults = str(error).splitlines()
        shown = [f"{path}, {fault}" for fault in faults[:SHOWN_FAULTS]]
        if len(faults) > SHOWN_FAULTS:
            shown.append(f"and {len(faults) - SHOWN_FAULTS} more")
        raise BroadsheetError("\n".join(shown)) from None


def check(path: Path) -> None:
    """Print that a file is a valid taxonomy, and its size.

    Raises:
        BroadsheetError: it has mistakes.
    """
    out.print(f"{path}: {summary(read_file(path))}", markup=False, soft_wrap=True)


def push(settings: Settings, path: Path) -> None:
    """Publish a file's taxonomy, and print what changes; running taggers then use it.

    Raises:
        BroadsheetError: the taxonomy has mistakes, and nothing was published.
        Unavailable: Kafka does not answer.
    """
    new = read_file(path)
    old = in_force(asyncio.run(pushed(settings)))
    if new.version == old.version:
        out.print(f"version {new.version} is in force already", soft_wrap=True)
        return
    asyncio.run(_send(settings, new))
    for line in changes(old, new):
        out.print(line, markup=False, soft_wrap=True)
    out.print(f"pushed {summary(new)}", markup=False, soft_wrap=True)
    out.print("New articles are tagged by it from now on; `broadsheet retag` tags those that are there.")


def show(settings: Settings, version: str | None) -> None:
    """Print a version as YAML, ready to be edited and pushed.

    This is the current version, or the version whose name is or begins with the given text.

    Raises:
        BroadsheetError: the version does not exist.
        Unavailable: Kafka does not answer.
    """
    versions = asyncio.run(pushed(settings))
    taxonomy = chosen(versions, version)
    when = next((one.timestamp for one in reversed(versions) if one.taxonomy.version == taxonomy.version), None)
    since = (
        f"pushed {dt.datetime.fromtimestamp(when / 1000).astimezone():%Y-%m-%d %H:%M:%S %Z}"
        if when is not None
        else "the one an installation starts with"
    )
    err.print(f"{summary(taxonomy)}; {since}", markup=False, soft_wrap=True)
    sys.stdout.write(as_yaml(taxonomy))


def diff(settings: Settings, old: str, new: str, *, as_json: bool = False) -> None:
    """Print what changes from one taxonomy to another; both can be a file, a version, `seed` or `newsroom`.

    Raises:
        BroadsheetError: a taxonomy does not exist or has mistakes.
        Unavailable: a version is needed, and Kafka does not answer.
    """
    before, after = _named(settings, old), _named(settings, new)
    lines = changes(before, after)
    if as_json:
        print_json({"old": before.version, "new": after.version, "changes": list(lines)})
        return
    for line in lines or ("no difference",):
        out.print(line, markup=False, soft_wrap=True)


def summary(taxonomy: Taxonomy) -> str:
    """Return a taxonomy's version and size in a phrase."""
    terms = sum(len(group.words) for topic in taxonomy.topics for group in topic.terms)
    topics = ", ".join(f"{topic.label} {topic.id}" for topic in taxonomy.topics)
    return f"version {taxonomy.version}, {terms:,} terms for {len(taxonomy.topics)} topics: {topics}"


async def _send(settings: Settings, taxonomy: Taxonomy) -> None:
    from aiokafka import AIOKafkaProducer
    from aiokafka.errors import KafkaError

    from services.runtime.kafka.connection import connection, unreachable
    from services.runtime.kafka.topics import ensure_topics
    from services.runtime.names import MAX_MESSAGE_BYTES
    from services.tag.taxonomy_feed import KEY

    await ensure_topics(settings)
    producer = AIOKafkaProducer(**connection(settings), enable_idempotence=True, max_request_size=MAX_MESSAGE_BYTES)
    try:
        await producer.start()
        headers = [("content-type", b"application/json")]
        await producer.send_and_wait(settings.names.taxonomy, encode_taxonomy(taxonomy), KEY, headers=headers)
    except (KafkaError, OSError) as error:
        raise await unreachable(settings, error) from error
    finally:
        await producer.stop()


def _named(settings: Settings, name: str) -> Taxonomy:
    path = Path(name)
    if path.exists() or shipped(name) is not None:
        return read_file(path)
    if path.suffix in {".yaml", ".yml"}:
        raise BroadsheetError(f"{name}: no such file")
    return _version(asyncio.run(pushed(settings)), name)


def chosen(versions: list[PushedTaxonomy], version: str | None) -> Taxonomy:
    """Return the version whose name begins with `version`; None means the one in force.

    Raises:
        BroadsheetError: the version does not exist.
    """
    return in_force(versions) if version is None else _version(versions, version)


def _version(versions: list[PushedTaxonomy], name: str) -> Taxonomy:
    for taxonomy in (*(one.taxonomy for one in reversed(versions)), seed_taxonomy()):
        if taxonomy.version.startswith(name):
            return taxonomy
    there = ", ".join(dict.fromkeys((*(one.taxonomy.version for one in versions), seed_taxonomy().version)))
    raise BroadsheetError(f"There is no file and no version {name}. The versions are: {there}.")
