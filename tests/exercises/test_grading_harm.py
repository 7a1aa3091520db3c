"""Whatever a submission does besides answering, it ends itself at most, and no other."""

import json
import os
import re

import pytest

from flasklogin_tutorial.exercises import Verdict
from flasklogin_tutorial.exercises.grading import Limits, grade_folder

from .submissions import (
    FILE,
    GIVEN,
    LOOP,
    NAME,
    POINTS,
    SOLVED,
    STUDENTS,
    answered,
    hand_in,
    with_cell,
)

posix_only = pytest.mark.skipif(os.name != "posix", reason="needs signals, forks and links")

FORGES = """
    import json, os, sys
    verdicts = [[number, "right", ""] for number in ("4.1", "4.2", "4.3")]
    line = json.dumps({"token": None, "verdicts": verdicts})
    print(line)
    print(line, file=sys.__stdout__)
    os.write(1, (line + "\\n").encode())
    """
FINDS_THE_CHANNEL = """
    import json, os
    verdicts = [[number, "right", ""] for number in ("4.1", "4.2", "4.3")]
    for number in range(3, 50):
        try:
            os.write(number, json.dumps({"token": None, "verdicts": verdicts}).encode() + b"\\n")
        except OSError:
            pass
    """
DEAF = """
    import signal
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    while True:
        pass
    """
STUBBORN = """
    def load_by_email(user_id):
        while True:
            try:
                while True:
                    pass
            except BaseException:
                pass
    """
FILLS_THE_DISK = """
    def load_by_email(user_id):
        try:
            with open("much", "wb") as file:
                file.truncate(10**9)
        except OSError:
            return User.objects(email=user_id).first()
    """
MAGICS = """
    %time 1
    def load_by_email(user_id):
        !ls
        return User.objects(email=user_id).first()
    load_by_email?
    """
TELLS_A_SECRET = """
    def load_by_email(user_id):
        import os
        raise ValueError(os.environ.get("A_PASSWORD", "nothing is known"))
    """

#: What else ends a submission, and the reason that is given.
HARMFUL = {
    "forks": ("import os\nos.fork()", "it forks"),
    "starts_a_program": ("import subprocess\nsubprocess.run(['ls'])", "it starts another program"),
    "kills_the_grader": ("import os\nos.kill(os.getppid(), 9)", "it sends a signal"),
    "leaves": ("import os\nos._exit(0)", "it ended Python in cell 3"),
    "ends_itself": ("import signal\nsignal.raise_signal(signal.SIGKILL)", "SIGKILL"),
    "reads_a_friend": ("open({friend!r}).read()", "a file of the other submissions"),
    "reads_and_hides_it": (
        "try:\n    open({friend!r}).read()\nexcept BaseException:\n    pass",
        "a file of the other submissions",
    ),
    "lists_the_class": ("import os\nos.listdir({folder!r})", "a file of the other submissions"),
    "looks_at_its_neighbours": ("import os\nos.listdir('..')", "a file of the other submissions"),
    "reads_a_key": ("open({key!r}).read()", "a file that belongs to the account"),
    "deletes_a_friend": ("import os\nos.remove({friend!r})", "a file of the other submissions"),
    "writes_to_the_channel": (FINDS_THE_CHANNEL, "the channel on which the verdicts come"),
    "deaf": (DEAF, "did not end within 2 seconds, and could not be interrupted"),
}

#: What ends nothing, and what is scored.
HARMLESS = {
    "forges": (GIVEN, FORGES, []),
    "raises_system_exit": (answered(GIVEN, SOLVED), "import sys\nsys.exit(1)", list(POINTS)),
    "eats_memory": (answered(GIVEN, SOLVED), "much = bytearray(10**10)", list(POINTS)),
    "fills_the_disk": (answered(GIVEN, SOLVED | {"4.1": FILLS_THE_DISK}), "pass", list(POINTS)),
    "goes_online": (
        answered(GIVEN, SOLVED),
        "import requests\nrequests.get('http://127.0.0.1:9/', timeout=60)",
        list(POINTS),
    ),
    "uses_magics": (answered(GIVEN, SOLVED | {"4.1": MAGICS}), "%%bash\nexit()", list(POINTS)),
    "checks_an_endless_answer": (
        answered(GIVEN, SOLVED | {"4.1": LOOP}),
        "def load_by_email(user_id):\n    while True: pass\ncheck('4.1', load_by_email)",
        ["4.2", "4.3"],
    ),
    "tells_a_secret": (answered(GIVEN, {"4.1": TELLS_A_SECRET}), "pass", []),
}


@pytest.fixture(scope="module")
def others(tmp_path_factory):
    """Grade what nbgrader would not notice, in one go."""
    folder, home = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("home")
    (home / "key").write_text("secret")
    solved = answered(GIVEN, SOLVED)
    friend = hand_in(folder, "friend", json.dumps(solved))
    names = {"folder": str(folder), "friend": str(friend), "key": str(home / "key")}
    for student, (source, _) in HARMFUL.items():
        source = re.sub(r"{(\w+)!r}", lambda found: repr(names[found[1]]), source)
        hand_in(folder, student, json.dumps(with_cell(solved, source)))
    for student, (notebook, source, _) in HARMLESS.items():
        hand_in(folder, student, json.dumps(with_cell(notebook, source)))
    hand_in(folder, "stubborn", json.dumps(answered(solved, {"4.1": STUBBORN})))
    link = folder / "copies" / NAME / FILE
    link.parent.mkdir(parents=True)
    link.symlink_to(friend)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("A_PASSWORD", "open sesame")
        found = grade_folder(folder, limits=Limits(seconds=2, megabytes=900))
    assert friend.exists()
    return {one.student: one for one in found}


@posix_only
@pytest.mark.parametrize("student", HARMFUL)
def test_what_does_harm_gets_a_zero_with_the_reason(others, student):
    assert HARMFUL[student][1] in others[student].reason
    assert others[student].total == 0


@posix_only
@pytest.mark.parametrize("student", HARMLESS)
def test_what_does_no_harm_is_graded(others, student):
    found, expected = others[student], HARMLESS[student][2]
    assert not found.reason
    right = [one for one, (verdict, _) in found.verdicts.items() if verdict is Verdict.RIGHT]
    assert right == expected


@posix_only
def test_an_answer_that_cannot_be_interrupted_ends_its_submission_only(others):
    assert "could not be interrupted" in others["stubborn"].reason
    assert others["friend"].total == sum(POINTS.values())


@posix_only
def test_a_link_to_the_file_of_another_is_not_followed(others):
    assert others["copies"].reason == "it is a link to another file, and not a file"


@posix_only
def test_nothing_of_the_environment_is_handed_on(others):
    _, message = others["tells_a_secret"].verdicts["4.1"]
    assert "ValueError: nothing is known" in message


@posix_only
def test_nothing_is_left_running(tmp_path):
    pid = tmp_path / "pid"
    source = f"open({str(pid)!r}, 'w').write(str(__import__('os').getpid()))"
    thread = "import threading\nthreading.Thread(target=threading.Event().wait).start()"
    notebook = with_cell(with_cell(answered(GIVEN, SOLVED), thread), source)
    hand_in(tmp_path / "class", "threads", json.dumps(notebook))
    (found,) = grade_folder(tmp_path / "class", limits=Limits(seconds=20))
    assert found.total == sum(POINTS.values())
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


@posix_only
def test_an_interrupted_run_leaves_nothing_running(tmp_path):
    late = tmp_path / "late"
    cell = f"import time\ntime.sleep(8)\nopen({str(late)!r}, 'w').close()"
    hand_in(tmp_path / "class", "ada", json.dumps(with_cell(GIVEN, cell)))
    hand_in(tmp_path / "class", "bob", STUDENTS["not_json"].text)

    def interrupt(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade_folder(tmp_path / "class", jobs=2, done=interrupt)
    assert not late.exists()
