"""The demo: a real Home Assistant with this integration and a simulated house."""
