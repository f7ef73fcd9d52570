"""What should happen: pure, the standard library only."""
