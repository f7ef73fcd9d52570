"""Proofs of the forecast, without Home Assistant."""
