"""A projection of articles.tagged into Elasticsearch that can be rebuilt at any time."""
