"""The maintained knowledge: a folder of YAML to a frozen base, or to the list of what is wrong with it.

Others use: `load` to read and check, the types of `model`, what `ids` allow, `listing` for what files there are, `files` for how
they are called, `yaml_text` for one as plain values, `shapes` for what fits where, `editors` for JSON Schemas, and of `lint` what
its own door names."""
