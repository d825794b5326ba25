"""Run the desk: python -m services.desk."""

from services.desk.serve import run
from services.runtime.entry import run_stage

run_stage(run)
