"""Consume batches, handle them, and deliver their results and offsets in one Kafka transaction per batch."""
