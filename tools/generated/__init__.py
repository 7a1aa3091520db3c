"""What makes the generated parts of the repository, a module each; tools/build.py runs them.

Each has a function `make(root)`. It reads the checkout in the folder `root`, writes nothing, and
returns what has to be where:

    {"docs/topics.md": "the whole file", "README.md#attacks": "what is between two marks"}

A path is relative to `root`. None in place of a text says that there must be no such file.
"""


class Wrong(Exception):
    """What a part is made from is not what it has to be; the message says what to change."""
