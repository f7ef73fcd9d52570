"""Tests of the simulated Envoy."""
