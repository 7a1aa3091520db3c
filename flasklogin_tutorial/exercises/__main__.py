"""Grades what a class handed in: `python -m flasklogin_tutorial.exercises grade FOLDER`."""

import argparse
import io
import sys
from pathlib import Path

from flasklogin_tutorial.exercises.grading import Graded, Limits, NothingToGrade, grade_folder
from flasklogin_tutorial.exercises.grading.report import CAUTION, clean, write_report

_BAR = 30


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: the command line without the program, that of the process if left out.

    Returns:
        The exit status: 0 when every submission was looked at, whatever it scored; 2 when there is
        nothing to grade, or the report cannot be written.
    """
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a student may have any name
    for path in options.report:
        if not path.resolve().parent.is_dir():
            return _fail(f"there is no folder for the report {path}")
    try:
        results = grade_folder(
            options.folder,
            options.notebook,
            Limits(options.seconds, options.megabytes),
            options.jobs,
            _show_progress,
        )
        for path in options.report:
            write_report(path, results)
    except NothingToGrade as why:
        return _fail(str(why))
    except OSError as error:
        return _fail(f"{error.filename}: {error.strerror}")
    except KeyboardInterrupt:
        return _fail("interrupted; nothing was written")
    _summarise(results, options.report)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m flasklogin_tutorial.exercises", description=__doc__
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    grade = commands.add_parser(
        "grade",
        help="grade what a class handed in",
        description="Run each submission in a process of its own, and judge the functions that "
        "the exercises ask for.",
        epilog=CAUTION,
    )
    grade.add_argument(
        "folder",
        type=Path,
        help="one folder for each student: FOLDER/STUDENT/*.ipynb, or as nbgrader has it, "
        "FOLDER/STUDENT/ASSIGNMENT/*.ipynb",
    )
    grade.add_argument(
        "--report",
        type=_report,
        action="append",
        default=[],
        metavar="FILE",
        help="write the table into FILE, which ends with .html or .csv; may be given twice",
    )
    grade.add_argument(
        "--notebook",
        action="append",
        default=[],
        metavar="NAME",
        help="a notebook that was to be handed in, such as 04_exercises; if left out, those "
        "that at least half of the students handed in",
    )
    limits = Limits()
    grade.add_argument(
        "--seconds",
        type=_positive,
        default=limits.seconds,
        help=f"for one cell, and for one exercise; {limits.seconds:g} if left out",
    )
    grade.add_argument(
        "--megabytes",
        type=int,
        default=limits.megabytes,
        help=f"of memory for one submission; {limits.megabytes} if left out. Linux holds to it; "
        "Windows and macOS do not",
    )
    grade.add_argument("--jobs", type=int, help="how many run at once; one for each processor")
    return parser


def _report(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in (".html", ".csv"):
        raise argparse.ArgumentTypeError(f"{text} ends neither with .html nor with .csv")
    return path


def _positive(text: str) -> float:
    seconds = float(text)
    if not seconds > 0:
        raise argparse.ArgumentTypeError(f"{text} is not more than 0")
    return seconds


def _show_progress(done: int, total: int, graded: Graded) -> None:
    full = _BAR * done // total
    bar = f"{'█' * full}{'░' * (_BAR - full)}"
    line = f"{bar} {done}/{total} {clean(graded.student)[:30]:30}"
    end = "\n" if done == total or not sys.stderr.isatty() else "\r"
    print(line, end=end, file=sys.stderr, flush=True)


def _summarise(results: list[Graded], reports: list[Path]) -> None:
    """Print what there is to know without the report, or all of it where there is none."""
    refused = [graded for graded in results if graded.reason]
    print(f"{len(results)} submissions, {len(refused)} of them not graded")
    for graded in results:
        scored = f"{clean(graded.student)}: {graded.total} of {graded.most}"
        if graded.reason:
            print(f"{scored}, {clean(graded.reason)}")
        elif not reports:
            print(scored)
    for path in reports:
        print(f"wrote {path}")


def _fail(why: str) -> int:
    print(f"grade: {why}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
