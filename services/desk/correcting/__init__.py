"""How an editor changes an article."""
