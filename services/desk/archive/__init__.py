"""What is read from the index, and how it is exported."""
