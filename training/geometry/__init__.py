"""Training of the models that read a page's text and places together."""
