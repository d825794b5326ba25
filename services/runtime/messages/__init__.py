"""What a stage works on, in pure functions and classes: records, batches, headers, and messages in quarantine."""
