"""Run the ingest processor: python -m services.ingest."""

from services.runtime.entry import run_stage
from services.ingest.app import run

run_stage(run)
