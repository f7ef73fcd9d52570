"""The Envoy: one simulated gateway, read by us and by Home Assistant's own integration."""
