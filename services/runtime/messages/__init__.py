"""What a stage works on, pure: records, batches, headers, and the quarantine's messages."""
