"""The Homevolt: one simulated ECU, polled by us and by Home Assistant's own integration."""
