"""The demonstration company: eighteen months of a small outdoor shop's customer service, the same for a given day."""
