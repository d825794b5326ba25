"""What may an editor change in an article?"""
