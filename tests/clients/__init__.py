"""What others use to read us, run for real: validators, software development kits, and clients in four languages."""
