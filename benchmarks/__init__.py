"""The matcher beside its peers on public data; `make bench` prints the table."""
