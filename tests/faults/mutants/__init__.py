"""Bugs planted one at a time, each of which the harness must see; run it with `make mutants`. See docs/mutants.md."""
