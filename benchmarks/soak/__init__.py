"""A long run under load with rebalances: `python -m benchmarks.soak --seconds 1800`."""
