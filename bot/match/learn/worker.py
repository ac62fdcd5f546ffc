"""Tasks of `fit` in a process of its own: pickled in on stdin, pickled out on stdout. Both ends are this program."""

from __future__ import annotations

import os
import pickle
import sys

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"  # every core has a worker already


def main() -> None:
    while True:
        try:
            task = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        pickle.dump(task.run(), sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
