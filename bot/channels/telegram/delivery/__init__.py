"""Takes updates in and sends calls out, and loses neither. Knows no FAQ: any bot could use it. docs/delivery.md has the reasons.

Others use: `sending` and `posting` to send, `failures` and `handling` to know what became of it; and to wire it `ending`, `health`,
`intake`, `limiter`, `patience`, `polling`, `raw`, `transport`, `webhook`."""
