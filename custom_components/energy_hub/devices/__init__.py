"""One folder a brand; brands know nothing of each other or of the house."""
