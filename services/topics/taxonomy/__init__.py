"""The possible topics: the taxonomy that a desk writes, its checks, its changes, and the initial taxonomy."""
