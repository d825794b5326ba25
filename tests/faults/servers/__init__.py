"""What runs while things break: the servers, the proxies before them, and the workers."""
