"""What does the desk read from the index, and how is it exported?"""
