"""Which headline, caption and byline belongs to which body."""
