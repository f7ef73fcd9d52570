"""Proofs of the simulated weather service."""
