"""Who says what to whom: commands, questions, buttons, groups, inline mode, admins. Sends through `delivery`, draws with `looks`.

Others use: `desk`, which all handlers share, and those that `app` registers: `admin`, `apology`, `callbacks`, `commands`, `guests`,
`inline`, `messages`, `profile`, `questions`."""
