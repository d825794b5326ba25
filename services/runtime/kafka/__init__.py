"""How clients reach Kafka: connections, topics, offsets, reading whole topics, sending."""
