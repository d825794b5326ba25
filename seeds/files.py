"""The files of this folder, as text or as what their YAML says."""

from __future__ import annotations

import lzma
from importlib.resources import files
from typing import Any, Final

import yaml

DIVISIONS: Final = "divisions.tsv.xz"
FastLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""PyYAML's safe loader in C where it exists: it is ten times as fast. For our files only: deep nesting crashes it."""


def text_of(name: str) -> str:
    """Return the text of the file `name`."""
    return files("seeds").joinpath(name).read_text(encoding="utf-8")


def content_of(name: str) -> Any:
    """Return what the YAML file `name` says."""
    return yaml.load(text_of(name), FastLoader)  # noqa: S506  # a safe loader


def divisions() -> str:
    """Return the administrative divisions of China: a line for each, its code and its name with a tab between."""
    return lzma.decompress(files("seeds").joinpath(DIVISIONS).read_bytes()).decode()
