"""What is Elasticsearch asked? The body of its request."""
