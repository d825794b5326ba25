"""What an article names: places, organisations, people, figures and days."""
