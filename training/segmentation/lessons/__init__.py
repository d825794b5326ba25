"""What each model learns from an annotated page: its input and the right answers."""
