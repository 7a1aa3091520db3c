"""Who may do what, by trying it."""

from flasklogin_tutorial import create_app
from flasklogin_tutorial.lab import show_rights
from flasklogin_tutorial.steps import step06_logout_and_user_info as step06


def test_each_person_tries_each_deed(capsys):
    show_rights(step06.create_app, ["stranger", "ada"])
    assert capsys.readouterr().out.splitlines() == [
        "                   stranger  ada",
        "read Grace's name  yes       yes",
        "read her address   yes       yes",
        "create Joan        -         yes",
        "change Grace       -         yes",
        "delete Grace       -         yes",
        "how many of five   2         5",
    ]


def test_nobody_finds_what_another_has_changed(capsys):
    settings = {"TESTING": True, "HTTPS": True, "SECRET_KEY": "k" * 32}
    show_rights(create_app, ["root", "grace", "ada"], settings)
    assert capsys.readouterr().out.splitlines()[-1].split()[-3:] == ["5", "4", "1"]
