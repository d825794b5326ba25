"""Makes seeds/divisions.tsv.xz, the administrative divisions of China: `python -m training.places FOLDER`."""
