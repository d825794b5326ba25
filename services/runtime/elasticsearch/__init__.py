"""How stages reach Elasticsearch, wait for it, and keep there what they must remember."""
