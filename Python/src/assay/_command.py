"""Finds the command, runs it, and turns what it says into dictionaries, log records and exceptions."""

from __future__ import annotations

import errno
import json
import logging
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

logger = logging.getLogger("assay")

#: Names the command to run, before all others.
VARIABLE = "ASSAY_COMMAND"
#: Where a wheel has the command.
PACKAGED = Path(__file__).parent / "command" / "bin" / "assay"

# Seconds that an interrupted command has for ending by itself. It takes less than one.
_PATIENCE = 5


class AssayError(Exception):
    """The command failed; the message is what it said.

    Attributes:
        exit_code: What it ended with: 66 where something is missing, 70 for an internal error and where a
            result is no finite number, 73 where something cannot be written; -N where signal N ended it.
    """

    __module__ = "assay"

    # With a default: on its way to another process, an exception is made anew of its message alone.
    def __init__(self, message: str, exit_code: int = 1) -> None:
        """Keeps the exit code beside the message."""
        super().__init__(message)
        self.exit_code = exit_code


class UsageError(AssayError, ValueError):
    """An argument is not what the command takes (exit code 64)."""

    __module__ = "assay"


class DataError(AssayError, ValueError):
    """A file or an array is not what it should be (exit code 65)."""

    __module__ = "assay"


class CommandNotFound(AssayError):  # noqa: N818
    """There is no command (exit code 127), or none that this system can run (126)."""

    __module__ = "assay"


# The last two are a shell's, and the loader's of libraries: in a wheel the command starts through them.
_EXCEPTIONS: Mapping[int, type[AssayError]] = {
    64: UsageError,
    65: DataError,
    126: CommandNotFound,
    127: CommandNotFound,
}


def find() -> str:
    """Finds the command.

    Returns:
        Its path, from the root: what ``$ASSAY_COMMAND`` names, else the package's own, else ``assay`` on
        ``$PATH``.

    Raises:
        CommandNotFound: There is none; also where the variable names none, whatever else there is.
    """
    named = os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None or _is_launcher(found):
            raise CommandNotFound(
                f"{VARIABLE} names {named}, which is no command of Assay that can be run", 127
            )
        return absolute(found)
    if PACKAGED.exists():
        return str(PACKAGED)
    for folder in os.get_exec_path():
        found = shutil.which("assay", path=folder)
        if found is not None and not _is_launcher(found):
            return absolute(found)
    raise CommandNotFound(
        f"the command of Assay was not found: install the wheel, which is for Linux on x86-64 (this is "
        f"{_system()}), or build the command and name it in {VARIABLE}",
        127,
    )


def _is_launcher(path: str) -> bool:
    """Whether this is the script that leads here, and would without end."""
    try:
        with open(path, "rb") as file:
            return b"assay._command" in file.read(4096)
    except OSError:
        return False


def _system() -> str:
    return f"{platform.system()} on {platform.machine()}"


def absolute(path: str) -> str:
    """The same path from the root; unlike that of os.path.abspath it leads through the same links."""
    return os.path.join(os.getcwd(), path)


def _environment() -> dict[str, str]:
    """Python's own, for a command that runs in another folder: data sets are still found."""
    return {
        name: absolute(value) if value and "MNIST" in name and name.endswith("_DIR") else value
        for name, value in os.environ.items()
    }


def run(
    name: str,
    arguments: Sequence[str],
    *,
    progress: bool = False,
    inside: str | None = None,
    hidden: str | None = None,
) -> dict[str, Any]:
    """Runs the command to its end.

    Args:
        name: Of the subcommand.
        arguments: Of it, but for ``--format``.
        progress: Whether what it shows of its progress goes on to ``sys.stderr``.
        inside: The folder that it runs in, where it is another than Python's.
        hidden: The folder of its temporary files, which nobody wants to read of in errors.

    Returns:
        The JSON that it printed. It has no number that is not finite: such a result is an error.

    Raises:
        AssayError: It failed, or could not be run.
    """
    command = find()
    with tempfile.TemporaryFile() as output:
        # Of two pipes one might fill up while the other is read.
        lines: list[str] = []
        with _started(
            [command, name, "--format=json", *arguments],
            stdout=output,
            cwd=inside,
            env=None if inside is None else _environment(),
        ) as process:
            assert process.stderr is not None
            for line in process.stderr:
                text = line.decode("utf-8", "replace").rstrip("\n")
                lines += _heard(text, progress)
        if process.returncode != 0:
            raise _failure(process.returncode, lines, hidden)
        output.seek(0)
        try:
            report: dict[str, Any] = json.load(output)
        except ValueError as error:
            raise AssayError(f"{command} printed no JSON: {error}", 0) from error
        return report


def _heard(line: str, progress: bool) -> list[str]:
    """Passes a line of the command on.

    Returns:
        The line itself, where it may be what went wrong.
    """
    for prefix, level in (("eval: note: ", logging.INFO), ("eval: warning: ", logging.WARNING)):
        if line.startswith(prefix):
            logger.log(level, "%s", line[len(prefix) :])
            return []
    if progress and not line.startswith(("eval: ", "Error: ")):
        print(line, file=sys.stderr, flush=True)
    return [line]


def _failure(code: int, lines: Sequence[str], hidden: str | None) -> AssayError:
    """What a command that ended with this code has said, as an exception."""
    said = [line.partition(": ")[2] for line in lines if line.startswith(("eval: ", "Error: "))]
    if code < 0:
        said = [
            f"the command was ended by {_name(-code)}",
            *(line for line in lines if "Fatal error" in line),
        ]
        message = ": ".join(said)
    elif said:
        message = said[0]
    else:
        # Not its own words: those of a shell or of the loader of libraries, which come last.
        message = next((line for line in reversed(lines) if line.strip()), "nothing was said")
        message = f"the command ended with exit code {code}: {message}"
    if hidden is not None:
        message = message.replace(hidden + os.sep, "")
    return _EXCEPTIONS.get(code, AssayError)(message, code)


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


@contextmanager
def _started(command: Sequence[str], **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process that has ended when the context is left, whatever happens in it."""
    try:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)
    except OSError as error:
        raise _refusal(command[0], error) from error
    with process:
        try:
            yield process
        except BaseException:
            _stop(process)
            raise


def _refusal(command: str, error: OSError) -> Exception:
    """What is raised where the system does not start the command."""
    if error.errno not in (errno.ENOEXEC, errno.EACCES, errno.ENOENT):
        return error
    return CommandNotFound(
        f"{command} cannot be run on {_system()}: {error.strerror}; that of a wheel is for Linux on x86-64",
        126,
    )


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Interrupts the command as Ctrl-C in a shell does, which a notebook does not pass on."""
    try:
        process.send_signal(signal.SIGINT)
        process.wait(_PATIENCE)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        process.kill()
        process.wait()


def main() -> NoReturn:
    """The console script ``assay``: becomes the command, with the same arguments and streams."""
    # Python ignores these, and what it becomes would, too.
    for name in ("SIGPIPE", "SIGXFSZ"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    try:
        command = find()
        os.execv(command, [command, *sys.argv[1:]])
    except CommandNotFound as error:
        print(f"assay: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except OSError as error:
        print(f"assay: {_refusal(command, error)}", file=sys.stderr)
        sys.exit(126)
