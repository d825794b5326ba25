"""How stages reach Elasticsearch, wait for it, and store there what they must remember."""
