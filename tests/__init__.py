"""Before any test reads numpy: one thread for its matrices. The test processes fill the cores already, and a second thread waits
for its turn by computing: an inverse of 150 phrases takes 1 ms alone, and 20 ms beside another process."""

import os

for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
