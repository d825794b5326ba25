"""Ingest: read records of issues.raw and corrections, check and decode them, and write issues."""
