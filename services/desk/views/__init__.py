"""What a page shows, and in which language."""
