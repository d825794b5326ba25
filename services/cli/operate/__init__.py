"""Operating an installation: starting it, creating what it needs, watching it and rebuilding it."""
