"""`python -m bot` is the command `reformbot`."""

import sys
from pathlib import Path

# Python begins to look for modules in the working directory, which may be anybody's; ours are found where we are.
if not sys.flags.safe_path and Path(sys.path[0]).resolve() != Path(__file__).resolve().parents[1]:
    del sys.path[0]

from bot.cli import main

if __name__ == "__main__":
    main()
