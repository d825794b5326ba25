"""`broadsheet search-eval`: index documents into a scratch index and run queries through the code the desk uses."""

from __future__ import annotations
