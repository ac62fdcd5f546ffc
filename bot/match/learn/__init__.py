"""From phrases to weights: vectors, a learner, and the rule that turns its scores into a probability; learnt from the base alone.

Others use: `training` and `fit` to make an `index`, `archive` to keep it; `danger` for cries for help; and to rank `features`,
`labels`, `rule`, `signals`."""
