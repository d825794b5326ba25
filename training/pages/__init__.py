"""Annotated newspaper pages for training: real typeset PDFs, read back by real extractors, with exact line truth.

`python -m training.pages --help` explains how to make them. They have the format of the segmentation bench.
"""
