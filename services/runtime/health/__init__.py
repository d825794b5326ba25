"""Whether a worker is alive and ready, what it counts, and where it reports this."""
