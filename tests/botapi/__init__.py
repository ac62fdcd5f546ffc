"""A Bot API server for tests: real HTTP on the loopback, checked against the published description."""
