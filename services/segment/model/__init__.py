"""Trained models, made by `python -m training.segmentation`."""
