"""Publishing pages, and previewing what the pipeline would make of them."""
