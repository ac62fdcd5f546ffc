"""Who says what to whom: commands, questions, buttons, groups, inline mode, admins. Sends through `delivery`, draws with `looks`.

Others use: `desk`, which all handlers share, `dispatch`, which has them all, `admin`, `digest` and `profile`."""
