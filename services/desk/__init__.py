"""How an editor searches: queries, facets, pages."""
