"""Tests of the simulated SUN2000."""
