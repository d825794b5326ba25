"""The desk's addresses: links to its pages, and the parameters of a search."""
