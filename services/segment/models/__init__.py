"""Trained weights and the code that evaluates them. `python -m training.segmentation` makes the weights."""
