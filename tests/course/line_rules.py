"""What is asked of each place where the reader writes, whatever part of the course it is in."""

from exercises.mutants import mutants

from flasklogin_tutorial.exercises.lines import find_line
from flasklogin_tutorial.exercises.lines.line import defined
from flasklogin_tutorial.exercises.lines.yours import judge_line


def instead(number, *changes):
    """Return the lesson's own lines with something else in some places."""
    source = find_line(number).solution
    for old, new in changes:
        assert source.count(old) == 1, f"{number}: {old!r} is there {source.count(old)} times"
        source = source.replace(old, new)
    return source


def must_be_told(number, source, said, names):
    """Write something wrong into a place: its cause is said, and the lesson goes on."""
    one = find_line(number)
    result = judge_line(one, defined(source, one.name, names), names)
    assert not result.right
    assert said in result.message, result.message
    assert "the lesson goes on" in result.message


def must_be_right(one, names):
    """Write the lesson's own lines into a place."""
    result = judge_line(one, one.own(names), names)
    assert result.right, result.message


def no_small_change_may_be_right(one, names, the_same):
    """Change the lesson's own lines in each small way that can be told from them.

    Args:
        one: the place.
        names: the names of the notebook there.
        the_same: changes that nobody can tell from the lines, or that are as good, each with the
            number of its place.
    """
    tried = 0
    for change, source in mutants(one.solution):
        try:
            written = defined(source, one.name, names)
        except Exception:  # told by the cell itself, which then does not run
            continue
        tried += 1
        right = judge_line(one, written, names).right
        assert right == ((one.number, change) in the_same), change
    assert tried
