"""Training of the segmentation models from annotated pages."""
