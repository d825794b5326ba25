"""What does a page look like as it was printed? From the places of its lines to a drawing (SVG)."""
