"""Annotated newspaper pages for training: real typeset PDFs, read back by real extractors, with exact line truth.

`python -m training.pages --help` tells how to make them; the format is that of the segmentation bench.
"""
