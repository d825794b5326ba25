"""How the user can call this command again, for hints that can be pasted."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path


def command() -> str:
    """Return `broadsheet` if the shell finds this installation by that name, else the path to it from here."""
    own = Path(sys.argv[0])
    found = shutil.which("broadsheet")
    if found is not None and own.exists() and Path(found).resolve() == own.resolve():
        return "broadsheet"
    return os.path.relpath(own) if own.name == "broadsheet" and own.exists() else "broadsheet"
