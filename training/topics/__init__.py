"""Fits the formula of each topic to labelled articles: `python -m training.topics`."""
