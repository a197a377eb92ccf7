"""Time zones that show what counts days or hours wrongly."""

from __future__ import annotations

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",  # half an hour of summer time
    "America/Sao_Paulo",  # summer time once began at midnight
    "Pacific/Apia",  # left out 2011-12-30
)
