"""How a reply looks in Telegram: markup, buttons, pictures, pages. Nothing is sent from here, and no clock is read.

Others use: `render` for replies, `keyboards` and `data` for buttons, `markup`, `deeplinks`, `reports`, `board` and `weekly` for
admins."""
