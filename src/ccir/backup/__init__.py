"""Speaks with backup tools, one file a tool."""
