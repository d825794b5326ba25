"""What can be seen on a page, as numbers."""
