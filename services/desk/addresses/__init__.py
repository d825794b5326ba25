"""What is in the desk's addresses? Links to its pages, and the parameters of a search."""
