"""What people do while things break: newsrooms publish, editors correct, operators rebuild."""
