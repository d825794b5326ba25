"""Parts of a story tied across pages, and every row put in its one place."""
