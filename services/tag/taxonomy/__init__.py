"""What topics can there be? The taxonomy that a desk writes, its checks, its changes, and the initial one."""
