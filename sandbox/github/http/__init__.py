"""The way of a request: faults, credential, limits, route, answer, and its check against GitHub's word."""
