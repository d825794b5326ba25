"""The contracts: pydantic models of every message, and the JSON Schemas that are generated from them."""
