"""For operators: `doctor` looks at everything that a running bot stands on, `backup` keeps what it remembers and brings it back, `metrics` tells Prometheus how
it goes, `supervisor` tells systemd.

Others use: `doctor` to examine, `findings` to print what was found, `backup` to save and restore, `metrics` to be measured, `supervisor` to be looked after,
`versions` to name a release."""
