"""The bot in Telegram: `talk` says what to whom, `looks` gives it its form, `delivery` loses nothing; `app` puts them together.

Others use: `app`."""
