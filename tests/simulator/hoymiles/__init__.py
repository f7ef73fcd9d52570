"""Tests of the simulated S-Miles cloud."""
