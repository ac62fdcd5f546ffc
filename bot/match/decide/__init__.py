"""From weights to a decision: rank the entries, then answer, suggest, decline or chat; follow-ups, and two questions at once. Pure.

Others use: `matcher` to rank (alone, if need be), `decision`, `parts`, `follow`, `hearing`, `manner`, `asking` and `claims` to decide,
`explain` to see why."""
