"""What the delivery to ENRG costs."""
