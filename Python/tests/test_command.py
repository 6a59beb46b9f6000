"""Finding the command, running it, and what becomes of what it says."""

from __future__ import annotations

import logging
import os
import pickle
import platform
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Callable

import numpy as np
import pytest
from conftest import Fake

import assay
from assay import _command

GREY = np.zeros((12, 28, 28), np.uint8)
SOURCES = Path(_command.__file__).parents[1]


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


# Finding


def test_the_variable_comes_before_the_package_and_the_package_before_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, packaged, onpath = (
        program(tmp_path / name, "#!/bin/sh\n") for name in ("named", "eval", "bin/assay")
    )
    monkeypatch.setenv("PATH", f"{tmp_path}/none:{onpath.parent}")
    monkeypatch.setattr(_command, "PACKAGED", packaged)
    monkeypatch.setenv("ASSAY_COMMAND", str(named))
    assert _command.find() == str(named)
    monkeypatch.setenv("ASSAY_COMMAND", "")
    assert _command.find() == str(packaged)
    packaged.unlink()
    assert _command.find() == str(onpath)
    onpath.unlink()
    with pytest.raises(
        assay.CommandNotFound, match="the command of Assay was not found: install the wheel"
    ) as error:
        assay.score(GREY)
    assert error.value.exit_code == 127


def test_relative_names_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = program(tmp_path / "bin/assay", "#!/bin/sh\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASSAY_COMMAND", "./bin/assay")
    assert Path(_command.find()).samefile(found)
    monkeypatch.setenv("PATH", "bin")
    monkeypatch.setenv("ASSAY_COMMAND", "assay")
    assert Path(_command.find()).samefile(found)
    monkeypatch.delenv("ASSAY_COMMAND")
    monkeypatch.setattr(_command, "PACKAGED", tmp_path / "none")
    assert Path(_command.find()).samefile(found)
    assert Path(_command.find()).is_absolute()


def test_a_variable_that_names_nothing_is_an_error(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_command, "PACKAGED", fake.path)
    monkeypatch.setenv("ASSAY_COMMAND", "/none")
    with pytest.raises(
        assay.CommandNotFound, match="ASSAY_COMMAND names /none, which is no command of Assay"
    ):
        assay.score(GREY)
    assert not fake.has_started


def test_the_console_script_is_not_taken_for_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = program(
        tmp_path / "first/assay", f"#!{sys.executable}\nfrom assay._command import main\nmain()\n"
    )
    other = program(tmp_path / "second/assay", "#!/bin/sh\n")
    monkeypatch.delenv("ASSAY_COMMAND", raising=False)
    monkeypatch.setattr(_command, "PACKAGED", tmp_path / "none")
    monkeypatch.setenv("PATH", f"{script.parent}:{other.parent}")
    assert _command.find() == str(other)
    monkeypatch.setenv("ASSAY_COMMAND", str(script))
    with pytest.raises(assay.CommandNotFound):
        _command.find()


@pytest.mark.parametrize(
    ("text", "reason"), [("garbage", "Exec format error"), ("#!/none\n", "No such file")]
)
def test_what_the_system_does_not_run_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "machine", lambda: "arm64")
    monkeypatch.setenv("ASSAY_COMMAND", str(program(tmp_path / "eval", text)))
    with pytest.raises(
        assay.CommandNotFound, match=f"eval cannot be run on Darwin on arm64: {reason}"
    ) as error:
        assay.score(GREY)
    assert error.value.exit_code == 126


# Results and errors


def test_the_json_is_the_result(fake: Fake) -> None:
    fake.tell(stdout='{"a": [1, null, -0.5e-3], "größe": {"x": true}}\n')
    for call in CALLS:
        assert call() == {"a": [1, None, -0.0005], "größe": {"x": True}}


CALLS: list[Callable[[], dict[str, Any]]] = [
    lambda: assay.score(GREY),
    lambda: assay.score("x.npy"),
    lambda: assay.score_features("a.npy", "b.npy"),
    lambda: assay.accuracy_vs_epsilon("conv", GREY, np.zeros(12, int)),
    lambda: assay.confusion_matrix("conv"),
]


def test_a_long_result_and_many_lines_do_not_wait_for_each_other(fake: Fake) -> None:
    fake.tell(stdout=f'{{"text": "{"x" * 1_000_000}"}}', stderr=("scoring  1 %" * 1000,) * 100)
    assert len(assay.score(GREY)["text"]) == 1_000_000


USAGE = (
    "Error: --count: expected 6 to 1000000 images, found 5\nUsage: eval score …\n  See 'eval score --help'"
)


@pytest.mark.parametrize(
    ("stderr", "code", "error", "sentence"),
    [
        ((USAGE,), 64, assay.UsageError, "--count: expected 6 to 1000000 images, found 5"),
        (("eval: --seeds: expected two", "x"), 64, assay.UsageError, "--seeds: expected two"),
        (
            ("scoring  0 %", "eval: a: expected b: c, found d"),
            65,
            assay.DataError,
            "a: expected b: c, found d",
        ),
        (("eval: note: n", "eval: x: not found; y"), 66, assay.AssayError, "x: not found; y"),
        (("eval: a: the result is nan",), 70, assay.AssayError, "a: the result is nan"),
        (("eval: x: cannot be written: full",), 73, assay.AssayError, "x: cannot be written: full"),
        (("eval: FOLDER/label-names: bad",), 65, assay.DataError, "label-names: bad"),
        (("eval: interrupted; nothing",), 130, assay.AssayError, "interrupted; nothing"),
        (("sh: line 1", "sh: none", ""), 3, assay.AssayError, "the command ended with exit code 3: sh: none"),
        ((), 3, assay.AssayError, "the command ended with exit code 3: nothing was said"),
        (("eval: error while loading x.so",), 127, assay.CommandNotFound, "error while loading x.so"),
    ],
)
def test_a_failure_is_an_exception(
    fake: Fake, stderr: tuple[str, ...], code: int, error: type[assay.AssayError], sentence: str
) -> None:
    fake.tell(stderr=stderr, code=code, stdout="")
    with pytest.raises(assay.AssayError) as caught:
        assay.confusion_matrix(label_names=["a"], pictures=None)
    assert type(caught.value) is error
    assert str(caught.value) == sentence
    assert caught.value.exit_code == code
    # Such as on its way from another process.
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again), again.exit_code) == (error, sentence, code)


def test_bad_arguments_and_data_are_value_errors(fake: Fake) -> None:
    for code in (64, 65):
        fake.tell(code=code)
        with pytest.raises(ValueError, match="nothing was said"):
            assay.score(GREY)


def test_a_signal_is_named(fake: Fake) -> None:
    fake.tell(signal=signal.SIGKILL, stderr=("scoring  0 %",))
    with pytest.raises(assay.AssayError, match=r"^the command was ended by SIGKILL$") as error:
        assay.score(GREY)
    assert error.value.exit_code == -signal.SIGKILL
    fake.tell(signal=signal.SIGTERM, stderr=("Eval/X.swift:3: Fatal error: no", "backtrace"))
    with pytest.raises(assay.AssayError, match=r"SIGTERM: Eval/X\.swift:3: Fatal error: no$"):
        assay.score(GREY)


@pytest.mark.parametrize("stdout", ["", "table", '{"half":'])
def test_what_is_no_json_is_an_error(fake: Fake, stdout: str) -> None:
    fake.tell(stdout=stdout)
    with pytest.raises(assay.AssayError, match="eval printed no JSON"):
        assay.score(GREY)


# What it says while it runs


def test_notes_and_warnings_are_logged(
    fake: Fake, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO, "assay")
    fake.tell(stderr=("eval: note: 100 % grün: %s", "conv  40 %", "eval: warning: no gradient"))
    assay.confusion_matrix()
    assert caplog.record_tuples == [
        ("assay", logging.INFO, "100 % grün: %s"),
        ("assay", logging.WARNING, "no gradient"),
    ]
    assert capsys.readouterr() == ("", "")
    assay.confusion_matrix(progress=True)
    assert capsys.readouterr() == ("", "conv  40 %\n")


def test_the_command_reads_no_input(fake: Fake) -> None:
    own, (reader, writer) = os.dup(0), os.pipe()
    os.write(writer, b"what Python is told")
    os.close(writer)
    os.dup2(reader, 0)
    try:
        assay.confusion_matrix()
        assert os.read(0, 100) == b"what Python is told"
    finally:
        os.dup2(own, 0)
        os.close(own)
        os.close(reader)
    assert fake.heard["stdin"] == ""


def test_data_sets_are_found_from_another_folder(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASHION_MNIST_DIR", "sets/x")
    monkeypatch.setenv("KMNIST_DIR", "/sets")
    monkeypatch.setenv("MNIST_DIR", "")
    monkeypatch.setenv("NO_MNIST", "x")
    assay.score(GREY)
    assert fake.heard["folder"] != os.getcwd()
    expected = {"FASHION_MNIST_DIR": f"{os.getcwd()}/sets/x", "KMNIST_DIR": "/sets", "MNIST_DIR": ""}
    assert fake.heard["variables"] == {**expected, "NO_MNIST": "x"}


def test_threads_do_not_meet(fake: Fake) -> None:
    def call(value: int) -> Any:
        return assay.score({f"images {value}": GREY + value})

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(call, range(16))) == [{"schema": "fake"}] * 16
    for value in range(16):
        assert (fake.seen(f"images {value}") == value).all()


# Ends before the end


def is_running(process: int) -> bool:
    """Also as a zombie."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def interrupt(fake: Fake, times: int = 1) -> None:
    """Presses Ctrl-C where only Python hears it, once the command is at work."""

    def press() -> None:
        while not fake.has_started:
            time.sleep(0.01)
        for _ in range(times):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.5)

    threading.Thread(target=press, daemon=True).start()


@pytest.mark.parametrize("call", CALLS)
def test_an_interrupt_ends_the_command(fake: Fake, call: Callable[[], Any]) -> None:
    fake.tell(waits=True)
    interrupt(fake)
    with pytest.raises(KeyboardInterrupt):
        call()
    assert fake.was_interrupted
    assert not is_running(fake.heard["process"])


def test_a_command_that_does_not_listen_is_killed(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_command, "_PATIENCE", 0.2)
    fake.tell(waits=True, is_stubborn=True)
    interrupt(fake)
    with pytest.raises(KeyboardInterrupt):
        assay.score(GREY)
    assert not is_running(fake.heard["process"])


def test_a_second_interrupt_kills_at_once(fake: Fake) -> None:
    fake.tell(waits=True, is_stubborn=True)
    interrupt(fake, times=2)
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        assay.score(GREY)
    assert not is_running(fake.heard["process"])
    assert time.monotonic() - start < _command._PATIENCE


def test_a_stream_that_takes_no_progress_ends_the_command(
    fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

        def flush(self) -> None: ...

    fake.tell(waits=True, stderr=("conv  40 %",))
    monkeypatch.setattr(sys, "stderr", Full())
    with pytest.raises(OSError, match="No space left on device"):
        assay.score(GREY, progress=True)
    assert not is_running(fake.heard["process"])


def test_no_room_for_temporary_files_is_the_systems_error(
    fake: Fake, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(temporary / "none"))
    with pytest.raises(FileNotFoundError, match="none"):
        assay.score(GREY)

    def full(file: Any, array: Any, **_: Any) -> None:
        file.write(b"half of it")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setattr(np, "save", full)
    with pytest.raises(OSError, match="No space left on device"):
        assay.score(GREY)
    assert not fake.has_started


# The console script


def console(fake: Fake, *arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    script = "from assay._command import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(SOURCES)}
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, env=environment, **options
    )


def test_the_console_script_becomes_the_command(fake: Fake) -> None:
    fake.tell(stdout="out", stderr=("err",), code=65)
    done = console(fake, "score", "--x= y", "größe", input=b"in")
    assert (done.returncode, done.stdout, done.stderr) == (65, b"out", b"err\n")
    assert fake.arguments == ["score", "--x= y", "größe"]
    assert fake.heard["stdin"] == "in"


def test_the_console_script_leaves_no_signal_ignored(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    script = program(fake.folder / "ignored", "#!/bin/sh\nexec grep SigIgn /proc/self/status\n")
    monkeypatch.setenv("ASSAY_COMMAND", str(script))
    ignored = int(console(fake).stdout.split()[1], 16)
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        assert not ignored & 1 << (number - 1)


def test_the_console_script_says_what_is_missing(fake: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_COMMAND", "/none")
    done = console(fake)
    assert done.returncode == 127
    assert done.stderr == b"assay: ASSAY_COMMAND names /none, which is no command of Assay that can be run\n"
    monkeypatch.setenv("ASSAY_COMMAND", str(program(fake.folder / "garbage", "garbage")))
    done = console(fake)
    assert done.returncode == 126
    assert b"cannot be run on " in done.stderr
    assert b"Traceback" not in done.stderr


def test_the_version_is_that_of_the_command() -> None:
    source = SOURCES.parents[1] / "Sources/EvalCommand/EvalMain.swift"
    if not source.exists():
        pytest.skip("no Swift sources beside the package")
    assert f'version: "{assay.__version__}"' in source.read_text(encoding="utf-8")
