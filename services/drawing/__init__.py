"""Draw a page as it was printed, as SVG, from the places of its lines."""
