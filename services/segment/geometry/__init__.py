"""Where a page's rows are printed, as evidence beside its text: what each row is, and what belongs together."""
