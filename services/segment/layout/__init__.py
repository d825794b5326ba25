"""Find the reading of a page that fits its evidence best."""
