"""Read newspaper pages from files: their text, line by line, and where each line is printed."""
