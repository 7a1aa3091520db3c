"""The command: `python -m flasklogin_tutorial.migrate PATH`."""

import sys

from flasklogin_tutorial.migrate.command import main

if __name__ == "__main__":
    sys.exit(main())
