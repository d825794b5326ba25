"""Rows and words of a page."""
