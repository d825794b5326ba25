"""What runs while things break: the servers, what stands before them, and the workers."""
