"""What the delivery costs, measured against what else could be used."""
