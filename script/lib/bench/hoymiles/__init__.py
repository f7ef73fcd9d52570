"""Hoymiles plants: a simulated cloud with a thousand inverters, read by us and by a bare client."""
