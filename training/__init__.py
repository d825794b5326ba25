"""Commands that make the data files which the services ship with."""
