"""What an editor may change in an article."""
