"""Chinese text as every stage sees it: normalisation, clauses, words, search tokens."""
