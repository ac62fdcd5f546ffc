"""One task of `fit` in a process of its own: pickled in on stdin, pickled out on stdout. Both ends are this program."""

from __future__ import annotations

import os
import pickle
import sys

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # every core has a worker already


def main() -> None:
    task = pickle.load(sys.stdin.buffer)
    sys.stdout.buffer.write(pickle.dumps(task.run()))


if __name__ == "__main__":
    main()
