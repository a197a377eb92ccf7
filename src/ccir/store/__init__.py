"""Keeps the event log, the ledger, sealed texts and people's data."""
