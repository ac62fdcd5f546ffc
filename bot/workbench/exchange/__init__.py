"""What comes in from other people's files and goes out to them: tables, pages, JSON-LD. Reads and writes no network.

A page goes from `markdown` or `lettered` to `heads` (what stands above something), `outline` (which of it asks) and `pages`.

Others use: `reading` for what stands in a file, `plan` and `translations` for what it would change in a base, `report` to say
so, `sifting` for what of it a base would be refused with; `sheets` and `exporting` for what goes out; `naming`, `phrases` and `wording` for what is made of a question; the types of `records`."""
