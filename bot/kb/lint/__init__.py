"""The rules of `check`, a file for each group of them: files that are read go in, problems with their lines come out. Pure.

Others use: `rules` for all of them, `links` for those that a base cannot be built without, `due` for the calendar,
`causes` for what only follows from something else, `memory` for what one check leaves to the next, `cases` for labelled questions;
`text`, `answers` and `phrases` for limits of single texts, `tongue` for the language that one is in."""
