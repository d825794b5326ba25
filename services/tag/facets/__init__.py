"""What does an article name? Places, organisations, people, figures and days."""
