"""What the commands share: the terminal, tables, and servers of their own."""
