"""Operating an installation: starting it, creating what it needs, watching and rebuilding it."""
