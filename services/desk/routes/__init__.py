"""The addresses that the desk answers."""
