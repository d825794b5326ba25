"""What was typed, as a tree."""
