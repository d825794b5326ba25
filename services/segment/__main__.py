"""Run the segment processor: python -m services.segment."""

from services.runtime.entry import run_stage
from services.segment.app import run

run_stage(run)
