"""One report model and its several forms."""
