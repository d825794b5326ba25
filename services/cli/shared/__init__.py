"""Code that the commands share: the terminal, tables, and embedded servers."""
