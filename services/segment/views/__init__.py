"""A page shown to a person or to a scorer."""
