"""Projects articles.tagged into Elasticsearch; you can rebuild the projection at any time."""
