"""The embedded servers: a real Kafka and a real Elasticsearch as child processes; they need only Python."""
