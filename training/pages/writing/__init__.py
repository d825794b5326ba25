"""What the pages say: articles as a house prints them, and its small printed forms."""
