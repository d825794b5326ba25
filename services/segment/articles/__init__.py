"""Link the parts of a story across pages, and put every row in exactly one place."""
