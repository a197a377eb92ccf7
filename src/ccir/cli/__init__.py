"""The command line: parse, command, handle, print; one file a noun."""
