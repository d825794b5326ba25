"""Quality of the topics of a newsroom (seeds/newsroom.yaml), on articles written for it: dev, held and fresh."""
