"""Settings of a workspace, the environment, and who is at the keyboard."""
