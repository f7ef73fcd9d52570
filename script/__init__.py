"""Chores of the project; each program is described in docs/development.md."""
