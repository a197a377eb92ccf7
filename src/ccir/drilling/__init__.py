"""Runs and judges one restore."""
