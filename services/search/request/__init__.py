"""What Elasticsearch is asked."""
