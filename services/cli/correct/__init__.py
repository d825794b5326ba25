"""Correcting: articles, topics, and messages in quarantine."""
