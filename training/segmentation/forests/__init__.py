"""Fit forests, and join them."""
