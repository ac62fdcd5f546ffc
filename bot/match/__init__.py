"""Which entry a question asks for, and how sure that is: from letters (`words`) to weights (`learn`) to a decision (`decide`).

Others use those three floors; no I/O but the archive's. docs/matching.md has the reasons."""
