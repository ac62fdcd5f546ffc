"""Changes of a base's files that keep their comments and their form: made to the side, checked, then moved in.

Others use: `draft` for the files of a folder, `file` for the text of one, `scalars` for how a text is written."""
