"""The addresses that the desk answers, and their answers."""
