"""What an installation is seeded with: the sample issue, the taxonomy, the index template, Kibana objects."""
