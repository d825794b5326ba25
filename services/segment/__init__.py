"""Which lines belong together, in what role and order? From issues to articles."""
