"""A page with one live list on it, for tests alone: what the carrier of live things does, and no more."""
