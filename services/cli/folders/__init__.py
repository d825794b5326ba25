"""Folders that are published by themselves: a folder that is watched, and an archive of decades."""
