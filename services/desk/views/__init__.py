"""What does a page show, and in which language?"""
