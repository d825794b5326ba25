"""Track what changed since the issue's last version, apply editors' corrections, and build the messages to send."""
