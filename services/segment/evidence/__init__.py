"""Numbers that describe what is visible on a page."""
