"""What maintainers begin with: a new base, and skeletons of its parts. The words are in the packs and in `templates`.

Others use: `base` for a new base, `parts`, `cases` and `language` for what is added to one."""
