"""Is a worker alive and ready, what does it count, and where does it say so?"""
