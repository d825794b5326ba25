"""Run the ingest processor: python -m services.ingest."""

from services.ingest.app import run
from services.runtime.entry import run_stage

run_stage(run)
