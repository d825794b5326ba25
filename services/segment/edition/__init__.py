"""What changed since the last version of the issue, what editors corrected, and what is sent."""
