"""The contracts: pydantic models of every message, and the JSON Schemas generated from them."""
