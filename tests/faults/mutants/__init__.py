"""Plant bugs one at a time; the harness must find each bug. Run it with `make mutants`; see docs/mutants.md."""
