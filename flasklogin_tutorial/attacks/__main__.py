"""The attacks as a command: `python -m flasklogin_tutorial.attacks mypackage:create_app`."""

import sys

from flasklogin_tutorial.attacks.command import main

if __name__ == "__main__":
    sys.exit(main())
