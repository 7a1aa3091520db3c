"""Every line of the one file has a place in the package, and the table says so from the files."""

import ast

import pytest

from flasklogin_tutorial.lab import places, show_places


def test_every_line_of_code_has_a_place():
    source = places._ONE_FILE.read_text(encoding="utf-8")
    told = {line for row in show_places().rows for line in range(row.lines[0], row.lines[1] + 1)}
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.stmt) or isinstance(node, ast.Import | ast.ImportFrom):
            continue
        if not places._says_nothing(node):
            assert node.lineno in told, ast.unparse(node)


def test_nothing_is_told_of_a_piece_that_is_not_there():
    assert {row.piece for row in show_places().rows} == set(places.PLACES)


def test_a_piece_without_a_place_is_an_error(monkeypatch):
    monkeypatch.delitem(places.PLACES, "def load_user")
    with pytest.raises(LookupError, match="'def load_user', and nobody said where that went"):
        show_places()


@pytest.mark.parametrize("gone", ["User.nonsense", "nonsense", "find"])
def test_a_place_that_does_not_exist_is_an_error(monkeypatch, gone):
    monkeypatch.setitem(places.PLACES, "def load_user", ("app/models.py", gone))
    with pytest.raises(LookupError, match=f"went to {gone} in app/models.py, and that is"):
        show_places()


def test_it_shows_itself_with_links_to_files_that_exist():
    table = show_places()
    rows = table._repr_markdown_().splitlines()[2:]
    assert len(rows) == len(table.rows)
    for line, row in zip(rows, table.rows, strict=True):
        assert f"[{row.file}](../flasklogin_tutorial/{row.file})" in line
        assert f"`{row.name}`" in line
    assert "104 to 107  def logout" in repr(table)
    assert max(map(len, repr(table).splitlines())) <= 110
