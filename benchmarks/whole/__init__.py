"""The whole pipeline against its ceilings: `python -m benchmarks.whole`, or `make bench`."""
