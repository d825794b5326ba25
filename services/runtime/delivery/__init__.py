"""One batch after another: consumed, handled, and delivered with its offsets in one Kafka transaction."""
