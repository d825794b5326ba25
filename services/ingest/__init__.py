"""Is it an issue? Which encoding, which pages? From issues.raw and corrections to issues."""
