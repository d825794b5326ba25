"""Show a segmented page to a person or to a scorer."""
