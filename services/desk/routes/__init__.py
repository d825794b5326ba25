"""Which addresses does the desk answer, and how?"""
