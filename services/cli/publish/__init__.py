"""Publishing pages, and seeing beforehand what the pipeline would make of them."""
