"""The optional list of breached passwords: searched on disk, and looked at when the app starts."""

import builtins
import hashlib
import io
import os
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flasklogin_tutorial import create_app
from flasklogin_tutorial.app import breached, cli
from flasklogin_tutorial.app.config import BadConfig
from flasklogin_tutorial.app.passwords import normal_form

from .conftest import PASSWORDS, PROPERTY, log_in, populate, snapshot, stored

BREACHED = "difference engine number two"


def line_of(password, number=3):
    return f"{hashlib.sha1(password.encode()).hexdigest().upper()}:{number}"


def write(path, lines, end="\r\n"):
    path.write_bytes(end.join([*lines, ""]).encode())
    return str(path)


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """Write a list of 5,000 passwords as Have I Been Pwned has it."""
    words = [f"a password {number}" for number in range(4999)] + [BREACHED]
    path = tmp_path_factory.mktemp("breached") / "pwned.txt"
    return write(path, sorted(line_of(word, n) for n, word in enumerate(words)))


# ---- the search


def test_each_password_of_the_list_is_found_and_no_other(listed):
    for number in range(0, 4999, 7):
        assert breached.contains(listed, f"a password {number}")
        assert not breached.contains(listed, f"another password {number}")
    assert breached.contains(listed, BREACHED)


@PROPERTY
@given(
    words=st.lists(st.text(max_size=5), min_size=1, max_size=12, unique=True),
    other=st.text(max_size=5),
    end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
)
def test_wherever_it_stands_and_however_lines_end(tmp_path, words, other, end, last):
    lines = sorted(line_of(word, 10 ** (n % 9)) for n, word in enumerate(words))
    path = tmp_path / "list.txt"
    path.write_bytes((end.join(lines) + (end if last else "")).encode())
    assert breached.find_flaw(str(path)) is None
    assert all(breached.contains(str(path), word) for word in words)
    same = {word for word in words if normal_form(other) in (word, normal_form(word))}
    assert breached.contains(str(path), other) <= bool(same)


def test_a_large_one_is_searched_too(tmp_path):
    lines = sorted(line_of(f"a password {number}", number) for number in range(40_000))
    path = write(tmp_path / "large.txt", lines)
    assert os.path.getsize(path) > breached._SMALL
    assert breached.find_flaw(path) is None
    assert all(breached.contains(path, f"a password {number}") for number in range(0, 40_000, 97))
    assert not breached.contains(path, BREACHED)


def test_two_spellings_of_one_character_are_one_password(tmp_path):
    composed, apart = "caf\u00e9 au lait et croissant", "cafe\u0301 au lait et croissant"
    for name, listed in [("composed", composed), ("apart", apart)]:
        path = write(tmp_path / name, [line_of(listed)])
        assert breached.contains(path, apart)
        assert breached.contains(path, listed)


def test_a_search_reads_a_few_lines_and_never_the_whole(listed, monkeypatch):
    read = []

    class Counting(io.BufferedReader):
        def readline(self, size=-1):
            line = super().readline(size)
            read.append(len(line))
            return line

        def read(self, size=-1):
            raise AssertionError("read as a whole")

    monkeypatch.setattr(builtins, "open", lambda path, mode: Counting(io.FileIO(path)))
    assert breached.contains(listed, BREACHED)
    assert sum(read) < os.path.getsize(listed) / 50


# ---- a new password


@pytest.fixture
def app(make_app, listed):
    return populate(make_app(BREACHED_PASSWORDS_FILE=listed))


def test_a_breached_password_is_refused_at_every_door(app):
    before = snapshot()["User"]
    ada, bob = log_in(app, "ada"), log_in(app, "bob")
    body = {"name": "bob", "password": BREACHED}
    answers = [
        bob.post("/", json=body | {"current_password": PASSWORDS["bob"]}),
        ada.post("/", json=body),
        ada.put("/", json={"name": "grace", "email": "g@example.org", "password": BREACHED}),
    ]
    for answer in answers:
        assert answer.status_code == 422
        assert "breach of another service" in answer.json()["fields"]["password"][0]
    ran = app.test_cli_runner().invoke(
        args=["users", "set-password", "bob"], input=f"{BREACHED}\n{BREACHED}\n"
    )
    assert (ran.exit_code, "breach of another service" in ran.output) == (1, True)
    assert snapshot()["User"] == before


def test_another_is_taken(app):
    body = {"name": "bob", "password": f"{BREACHED}!", "current_password": PASSWORDS["bob"]}
    assert log_in(app, "bob").post("/", json=body).status_code == 200


def test_without_a_list_nothing_is_looked_up(make_app, monkeypatch):
    monkeypatch.setattr(breached, "contains", lambda *arguments: pytest.fail("looked up"))
    app = populate(make_app())
    body = {"name": "bob", "password": BREACHED, "current_password": PASSWORDS["bob"]}
    assert log_in(app, "bob").post("/", json=body).status_code == 200


def test_while_the_list_is_gone_no_password_is_taken_unseen(make_app, tmp_path):
    path = write(tmp_path / "list.txt", [line_of(BREACHED)])
    app = populate(make_app(BREACHED_PASSWORDS_FILE=path))
    bob, before = log_in(app, "bob"), stored("bob")
    os.remove(path)
    body = {"name": "bob", "password": "four other words", "current_password": PASSWORDS["bob"]}
    answer = bob.post("/", json=body)
    assert (answer.status_code, answer.json()["code"]) == (503, "list_not_readable")
    assert path not in answer.text
    assert stored("bob") == before
    write(tmp_path / "list.txt", [line_of(BREACHED)])
    assert bob.post("/", json=body).status_code == 200


def written_over(path):
    """Do to a list, one after the other, what can become of it while the app runs."""
    yield "empty", path.write_bytes(b"")
    yield "something else", path.write_bytes(random.Random(1).randbytes(100_000))
    yield "small letters", write(path, [line_of(BREACHED).lower()])
    yield "a folder", (path.unlink(), path.mkdir())
    if os.name == "posix":
        yield "a pipe", (path.rmdir(), os.mkfifo(path))


def test_while_the_list_is_another_no_password_is_taken_unseen(make_app, tmp_path):
    path = tmp_path / "list.txt"
    app = populate(make_app(BREACHED_PASSWORDS_FILE=write(path, [line_of(BREACHED)])))
    bob, before = log_in(app, "bob"), stored("bob")
    body = {"name": "bob", "password": "four other words", "current_password": PASSWORDS["bob"]}
    for what, _ in written_over(path):
        assert bob.post("/", json=body).status_code == 503, what
        assert stored("bob") == before


# ---- at the start


def bad_lists(folder):
    rows = sorted(line_of(f"a password {number}") for number in range(100))
    many = sorted(line_of(f"a password {number}") for number in range(40_000))
    broken_off = write(folder / "broken_off.txt", many)
    os.truncate(broken_off, os.path.getsize(broken_off) - 20)
    yield "large and cut off", broken_off, "no line of the list"
    random.Random(1).shuffle(many)
    yield "missing", str(folder / "missing.txt"), "No such file"
    yield "a folder", str(folder), "no file"
    yield "empty", write(folder / "empty.txt", [], ""), "empty"
    yield "unsorted", write(folder / "unsorted.txt", [*rows[50:], *rows[:50]]), "not sorted"
    yield "by count", write(folder / "count.txt", rows[::-1]), "not sorted"
    yield "large and unsorted", write(folder / "large.txt", many), "not sorted"
    yield "passwords", write(folder / "plain.txt", ["password", "123456"]), "no line of the list"
    yield "NTLM", write(folder / "ntlm.txt", [rows[0][8:]]), "no line of the list"
    yield "small letters", write(folder / "small.txt", [row.lower() for row in rows]), "no line"
    cut_off = write(folder / "cut.txt", rows)
    os.truncate(cut_off, os.path.getsize(cut_off) - 20)
    yield "cut off", cut_off, "no line of the list"


def test_a_list_that_cannot_be_searched_is_refused_at_the_start(make_app, tmp_path):
    for name, path, said in bad_lists(tmp_path):
        with pytest.raises(BadConfig) as refused:
            make_app(BREACHED_PASSWORDS_FILE=path)
        assert "BREACHED_PASSWORDS_FILE" in str(refused.value), name
        assert said in str(refused.value), name
        assert "Have I Been Pwned" in str(refused.value), name


@pytest.mark.skipif(os.name != "posix", reason="a named pipe is a thing of POSIX")
def test_a_pipe_is_refused_and_not_waited_for(make_app, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(BadConfig, match="no file"):
        make_app(BREACHED_PASSWORDS_FILE=str(tmp_path / "pipe"))


@pytest.mark.parametrize("value", [7, True, ["list.txt"], ""])
def test_what_is_no_name_of_a_file_is_refused(make_app, value):
    with pytest.raises(BadConfig, match="BREACHED_PASSWORDS_FILE"):
        make_app(BREACHED_PASSWORDS_FILE=value)


def test_it_can_be_named_in_the_environment(monkeypatch, listed):
    monkeypatch.setenv("FLASKLOGIN_BREACHED_PASSWORDS_FILE", listed)
    assert create_app({"TESTING": True}).config["BREACHED_PASSWORDS_FILE"] == listed


def test_check_config_says_that_there_is_none_and_finds_nothing_unsafe_in_it(make_app, listed):
    without, with_list = make_app(), make_app(BREACHED_PASSWORDS_FILE=listed)
    said = without.test_cli_runner().invoke(args=["check-config"]).output
    assert "? BREACHED_PASSWORDS_FILE is not set" in said
    assert cli.unsafe_settings(without) == cli.unsafe_settings(with_list)
    assert "BREACHED" not in with_list.test_cli_runner().invoke(args=["check-config"]).output
