"""The desk, where an editor searches: queries, facets, pages."""
