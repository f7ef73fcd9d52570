"""Proofs about what happened and what it cost."""
