"""This machine: its processes, and the commands that prove a feature."""
