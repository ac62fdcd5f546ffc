"""The maintained knowledge: a folder of YAML to a frozen base, or to the list of what is wrong with it.

Others use: `load` to read and check, the types of `model`, the digest of `listing`, and `schema` for editors."""
