"""What an editor does with an article that was found: go to the next, cite it, keep it, read what is related."""
