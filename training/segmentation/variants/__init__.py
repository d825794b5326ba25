"""Which other forms an annotated page is also read in: other orders of its rows, and the styles of other papers."""
