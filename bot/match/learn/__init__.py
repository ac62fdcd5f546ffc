"""From phrases to weights: vectors, a learner, and the rule that turns its scores into a probability; learnt from the base alone.

Others use: `training` to make a `lesson` of a base, `fit` to make an `index` of that, `archive` to keep it, with `meanings` for what words mean, `encoder` for whole sentences
and `crew` for who works; `guarding`
to learn what tells cries for help (`danger`), `guard` to hear them, `detector_file` to keep that; `following`, `asked_after`, `standing`, `gaps`, `leads` and `ways` for how things are
asked; and to rank `features`, `labels`, `logistic`, `phrases`, `rule`, `signals`."""
