"""From phrases to weights: vectors, a learner, and the rule that turns its scores into a probability; learnt from the base alone.

Others use: `training` and `fit` to make an `index`, `archive` to keep it; `danger` for cries for help; `following`, `gaps` and `ways`
for how things are asked; and to rank `features`, `labels`, `phrases`, `rule`, `signals`."""
