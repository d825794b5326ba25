"""What a record of `issues.raw` brings: its encoding, its pages, its revision, and whether it is within the limits."""
