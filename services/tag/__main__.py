"""Run the tag processor: python -m services.tag."""

from services.runtime.entry import run_stage
from services.tag.app import run

run_stage(run)
