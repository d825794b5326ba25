"""Break an installation on purpose, and compare what it holds with what was published.

Run it with `make faults SEED=1 SEEDS=20`; docs/faults.md says what it breaks and how to read its table.
"""
