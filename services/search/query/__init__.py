"""What did the editor ask for? The query as a tree."""
