"""Which topics an article is about, by which words, and what another taxonomy would change."""
