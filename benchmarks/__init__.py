"""Programs that measure: each prints what the documentation quotes."""
