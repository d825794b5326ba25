"""The embedded default: a real Kafka and a real Elasticsearch as child processes, Python only."""
