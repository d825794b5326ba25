"""What is an article about, and which words say so? From articles to articles.tagged."""
