"""What the desk reads from the index, and how it exports results."""
