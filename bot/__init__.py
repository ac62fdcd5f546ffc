"""A question in, the maintained answer with its source out. The rooms and who may see whom: docs/architecture.md."""
