"""Text into set pages, and set pages into a PDF."""
