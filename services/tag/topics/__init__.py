"""Which topics is an article about? Terms found in it, and a score that names the words behind it."""
