"""What the programs of script/ share."""
