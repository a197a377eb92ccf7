"""Pages that people open in a browser; see docs/design.md."""
