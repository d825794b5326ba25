"""Turn issues into articles: decide which lines belong together, in what role and order."""
