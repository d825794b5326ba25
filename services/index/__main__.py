"""Run the index processor: python -m services.index."""

from services.runtime.entry import run_stage
from services.index.app import run

run_stage(run)
