"""Run the index processor: python -m services.index."""

from services.index.app import run
from services.runtime.entry import run_stage

run_stage(run)
