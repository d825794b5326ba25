"""Kibana's saved objects for a newsroom, made from newsroom.yaml."""
