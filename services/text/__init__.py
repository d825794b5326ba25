"""Chinese text for every stage: normalisation, clauses, words and search tokens."""
