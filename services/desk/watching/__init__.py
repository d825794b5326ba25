"""Searches that an editor keeps, and what is new in them since the last visit."""
