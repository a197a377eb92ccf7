"""Judges restored data, one file a check."""
