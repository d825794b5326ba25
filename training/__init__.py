"""How the models and weights that ship are trained; not part of the package."""
