"""How clients use Kafka: connect, manage topics and offsets, read complete topics, send."""
