"""Which requests the desk admits: by their host, the client's rate, their number, and the time they take."""
