"""The stream processors and what they share."""
