"""Turns the documents people write (playbooks, templates, drills) into domain types."""
