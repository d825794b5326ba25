"""What a file holds of newspaper pages: their text, line by line, and where each line is printed."""
