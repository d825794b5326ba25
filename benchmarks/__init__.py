"""Measurements: each prints what the documents quote."""
