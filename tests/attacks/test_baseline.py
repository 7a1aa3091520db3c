"""A baseline: what is known is accepted, what is new makes the command fail."""

import json

import pytest

from flasklogin_tutorial.attacks import ATTACKS, Outcome, Report, Row, Verdict
from flasklogin_tutorial.attacks.baseline import BadBaseline, as_baseline, compare, read_baseline
from flasklogin_tutorial.attacks.options import GOT_IN, HELD, USAGE
from flasklogin_tutorial.visit import forget

from .test_command import ARTICLE

ONE, TWO, THREE, FOUR = (one.name for one in ATTACKS[:4])
G, H, N = Verdict.GOT_IN, Verdict.HELD, Verdict.NOT_TRIED

#: Two that get in on the article's app, and one that does not.
IN, ALSO_IN, NOT_IN = "id-in-cookie", "operator-logs-in", "stranger-writes"


def report(*verdicts):
    rows = zip(ATTACKS, verdicts, strict=False)
    return Report([Row(one, Outcome(verdict, "so")) for one, verdict in rows])


def baseline(path, *names, **whys):
    accepted = [{"attack": name, "why": whys.get(name, "")} for name in names]
    path.write_text(json.dumps({"version": 1, "accepted": accepted}))
    return path


# ---- comparing


def test_what_is_in_the_file_is_known_and_what_is_not_is_new():
    beside = compare(report(G, G, H, N), dict.fromkeys([ONE, THREE, FOUR, "gone"], ""))
    assert (beside.known, beside.new) == ([ONE], [TWO])
    assert (beside.gone, beside.not_tried, beside.no_attack) == ([THREE], [FOUR], ["gone"])


def test_an_attack_that_was_left_out_was_not_tried():
    beside = compare(report(H), {TWO: ""})
    assert (beside.gone, beside.not_tried) == ([], [TWO])


def test_the_comparison_names_everything_that_is_to_be_done():
    beside = compare(report(G, G, H, N), dict.fromkeys([ONE, THREE, FOUR, "gone"], ""))
    assert beside.as_lines() == [
        "Beside the baseline: 1 new, 1 known.",
        f"New: {TWO}.",
        f"No longer gets in: {THREE}. Take it out of the baseline.",
        f"In the baseline and not tried: {FOUR}.",
        "In the baseline, and no attack has this name: gone.",
    ]
    assert compare(report(H), {}).as_lines() == ["Beside the baseline: 0 new, 0 known."]


def test_a_new_baseline_keeps_the_reasons_and_what_was_not_tried(tmp_path):
    path = tmp_path / "baseline.json"
    former = {ONE: "until May", THREE: "closed by now", FOUR: "cannot be tried here", "gone": ""}
    path.write_text(as_baseline(report(G, G, H, N), former))
    kept = {ONE: "until May", TWO: "", FOUR: "cannot be tried here"}
    assert read_baseline(path) == kept
    assert list(read_baseline(path)) == sorted(kept)


# ---- reading


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot be read: JSONDecodeError"),
        ("[]", 'it does not begin with "version": 1'),
        ('{"version": 2, "accepted": []}', 'it does not begin with "version": 1'),
        ('{"version": 1}', '"accepted" has to be a list'),
        ('{"version": 1, "accepted": ["open-redirect"]}', "each entry has to look like"),
        ('{"version": 1, "accepted": [{"why": "so"}]}', "each entry has to look like"),
        ('{"version": 1, "accepted": [{"attack": "a", "why": 7}]}', "each entry has to look like"),
    ],
)
def test_a_file_that_is_none_is_told(tmp_path, text, said):
    path = tmp_path / "baseline.json"
    path.write_text(text)
    with pytest.raises(BadBaseline) as told:
        read_baseline(path)
    assert said in str(told.value) and str(path) in str(told.value)


def test_bytes_that_are_no_text_are_told(tmp_path):
    (tmp_path / "baseline.json").write_bytes(b"\xff\xfe")
    with pytest.raises(BadBaseline, match="UnicodeDecodeError"):
        read_baseline(tmp_path / "baseline.json")


# ---- the command


@pytest.mark.parametrize(
    ("accepted", "status", "said"),
    [
        ([IN, ALSO_IN], HELD, "0 new, 2 known."),
        ([IN], GOT_IN, f"New: {ALSO_IN}."),
        ([], GOT_IN, f"New: {ALSO_IN}, {IN}."),
        ([IN, ALSO_IN, NOT_IN], HELD, f"No longer gets in: {NOT_IN}."),
    ],
)
def test_the_command_fails_on_what_is_new(run, tmp_path, accepted, status, said):
    path = baseline(tmp_path / "baseline.json", *accepted)
    only = [word for name in (IN, ALSO_IN, NOT_IN) for word in ("--only", name)]
    ended, out, _ = run(ARTICLE, *only, "--baseline", path)
    assert (ended, said in out) == (status, True), out
    assert out.count("known: the baseline accepts it") == len({IN, ALSO_IN} & set(accepted))


def test_the_command_writes_a_baseline_that_it_then_accepts(run, tmp_path):
    path, only = tmp_path / "baseline.json", ["--only", IN, "--only", NOT_IN]
    status, _, err = run(ARTICLE, *only, "--write-baseline", path)
    assert (status, err) == (HELD, f"attacks: wrote {path}\n")
    assert read_baseline(path) == {IN: ""}
    forget()
    assert run(ARTICLE, *only, "--baseline", path)[0] == HELD
    forget()
    # The gate is asked first, and then what it found is accepted.
    more = [*only, "--only", ALSO_IN]
    assert run(ARTICLE, *more, "--baseline", path, "--write-baseline", path)[0] == GOT_IN
    assert set(read_baseline(path)) == {IN, ALSO_IN}


def test_a_run_that_saw_nothing_writes_no_baseline(run, tmp_path):
    path = tmp_path / "baseline.json"
    arguments = ["attacks.apps.crashing:create_app", "--yes-it-may-write", "--only", "login-csrf"]
    status, _, err = run(*arguments, "--write-baseline", path)
    assert status == USAGE and f"{path} was not written." in err
    assert not path.exists()


def test_json_tells_the_comparison_too(run, tmp_path):
    path = baseline(tmp_path / "baseline.json", NOT_IN)
    _, out, _ = run(ARTICLE, "--json", "--only", IN, "--only", NOT_IN, "--baseline", path)
    assert json.loads(out)["baseline"] == {
        "known": [], "new": [IN], "gone": [NOT_IN], "not_tried": [], "no_attack": []
    }  # fmt: skip


@pytest.mark.parametrize("option", ["--sarif", "--html", "--write-baseline"])
def test_a_file_that_cannot_be_written_is_told_before_anything_is_tried(
    run,
    tmp_path,
    option,
):
    for path in (tmp_path, tmp_path / "no such folder" / "file"):
        status, out, err = run("nosuchmodule:app", option, path)
        assert (status, out) == (USAGE, "")
        assert "cannot be" in err and "nosuchmodule" not in err


def test_a_baseline_that_is_not_there_is_told(run, tmp_path):
    status, out, err = run(ARTICLE, "--baseline", tmp_path / "baseline.json")
    assert (status, out) == (USAGE, "") and "FileNotFoundError" in err


def test_files_are_written_beside_the_text(run, tmp_path):
    page, log = tmp_path / "report.html", tmp_path / "report.sarif"
    status, out, err = run(ARTICLE, "--only", IN, "--html", page, "--sarif", log)
    assert status == GOT_IN and out.startswith("1 attack: 1 got in")
    assert err == f"attacks: wrote {log}\nattacks: wrote {page}\n"
    assert page.read_text("utf-8").startswith("<!doctype html>")
    assert json.loads(log.read_text("utf-8"))["version"] == "2.1.0"
