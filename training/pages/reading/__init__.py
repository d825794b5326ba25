"""A PDF read back by extractors, and which glyphs and records are on each line."""
