"""What the pages of an article show: the article, its versions, and why it was withdrawn."""
