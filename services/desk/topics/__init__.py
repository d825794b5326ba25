"""What would an edited topic change, before anyone pushes it?"""
