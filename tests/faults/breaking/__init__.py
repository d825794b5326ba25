"""What breaks, when, and how."""
