"""Which topics an article is about: find their terms in it, and compute a score that names its words."""
