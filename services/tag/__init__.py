"""The tag stage, from articles to articles.tagged: what an article is about, and which words say so."""
