"""Proofs about the simulated house."""
