"""What goes out to other houses: each change of an article, to webhooks, Newshub and mail, as they subscribed."""
