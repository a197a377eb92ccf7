"""Evidence files and the integrity of the log."""
