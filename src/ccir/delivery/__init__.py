"""Sends one notice from its ledger."""
