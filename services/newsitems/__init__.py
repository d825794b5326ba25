"""Articles in the JSON of the news industry: ninjs 3.1, and the ninjs that Superdesk and Newshub read."""
