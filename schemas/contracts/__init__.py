"""What is made of the models for others: ids, schemas in their strict form, AsyncAPI, and what may change in them."""
