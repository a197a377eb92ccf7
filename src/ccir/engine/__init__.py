"""Loads, decides, appends, and does the outside work that events ask for."""
