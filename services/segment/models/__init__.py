"""Trained weights, made by `python -m training.segmentation`, and how they are evaluated."""
