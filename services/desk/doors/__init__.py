"""Which requests come in: by the host they name, the client's rate, their number, and the time they take."""
