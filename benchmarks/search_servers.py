"""The Elasticsearch that benchmarks of search run against."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from services.local.stack import LocalStack

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def elasticsearch() -> Iterator[str]:
    """Give the address in BROADSHEET_ELASTICSEARCH if it is set, else that of an embedded server on a free port."""
    configured = os.environ.get("BROADSHEET_ELASTICSEARCH")
    if configured:
        yield configured
        return
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as home:
        Path(home).chmod(0o755)
        with LocalStack(Path(home), kafka_port=0, elasticsearch_port=0) as stack:
            yield stack.elasticsearch
