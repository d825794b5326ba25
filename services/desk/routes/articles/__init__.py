"""The addresses of articles: the page, its place in a list, its versions, and what is said of a withdrawn one."""
