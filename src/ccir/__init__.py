"""ccir leads a contact centre's answer to a breach or an outage."""

__version__ = "0.1.0"
