"""`python -m bot` is the command `reformbot`."""

from bot.cli import main

if __name__ == "__main__":
    main()
