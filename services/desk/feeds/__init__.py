"""Searches as Atom feeds."""
