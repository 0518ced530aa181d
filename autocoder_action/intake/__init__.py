"""What GitHub sent becomes a request, settings and commands."""
