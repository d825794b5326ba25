"""From what an editor types to a request, a highlight and a snippet."""
