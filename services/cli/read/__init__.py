"""Reading: searching articles, following a topic, tracing a story."""
