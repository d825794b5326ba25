"""One page in rows and words."""
