"""`tf.gfile` does with files what TensorFlow's does, and fails with the same words."""

from __future__ import annotations

import pytest

import minitf as tf
from minitf import errors

gfile = tf.gfile


def outcome(action):
    """The result, or the error's class and the first line of its message."""
    try:
        return action()
    except Exception as error:  # noqa: BLE001 the error is the outcome
        return type(error).__name__, str(error).partition("\n")[0]


def scenario(gfile, folder):
    """Everything that `tf.gfile` can do, with what came of it."""
    path = f"{folder}/a"

    def of_file(mode, *calls):
        def act():
            with gfile.GFile(path, mode) as file:
                return [getattr(file, name)(*arguments) for name, *arguments in calls]

        return outcome(act)

    yield of_file("r", ("read",))
    yield of_file("q", ("read",))
    yield of_file("w", ("write", "héllo\nworld\n"), ("tell",))
    yield of_file("w+", ("write", "héllo\nworld\n"), ("flush",), ("size",))
    yield of_file("r", ("read",), ("read",))
    yield of_file("r", ("read", 3), ("tell",), ("readline",), ("readlines",))
    yield of_file("rb", ("read", 2), ("seek", 1), ("read",), ("tell",))
    yield of_file("r", ("seek", -2, 2), ("read",), ("seekable",))
    yield of_file("r", ("seek", None, 0, 4), ("tell",))
    yield of_file("r", ("next",), ("next",), ("next",))
    yield of_file("r", ("write", "x"))
    yield of_file("a", ("read",))
    yield of_file("a", ("write", b"more"))
    yield list(gfile.GFile(path)), gfile.GFile(path).size()
    yield gfile.GFile(path).mode, gfile.GFile(path, "rb").mode
    yield outcome(gfile.GFile(folder).read)
    for action in (
        ("MkDir", "x/y"), ("MkDir", "x"), ("MkDir", "x"), ("MakeDirs", "x/y/z"),
        ("MakeDirs", "x/y/z"), ("Exists", "x/y"), ("Exists", "no"), ("IsDirectory", "x"),
        ("IsDirectory", "a"), ("IsDirectory", "no"), ("Remove", "no"), ("Remove", "x"),
        ("ListDirectory", "no"), ("ListDirectory", "a"), ("Rename", "no", "n"),
        ("Rename", "a", "b"), ("Copy", "b", "c"), ("Copy", "b", "c"), ("Copy", "no", "d"),
        ("Rename", "b", "c"), ("Stat", "no"),
    ):  # fmt: skip
        name, *paths = action
        yield outcome(lambda n=name, p=paths: getattr(gfile, n)(*(f"{folder}/{e}" for e in p)))
    yield gfile.Copy(f"{folder}/b", f"{folder}/c", overwrite=True)
    yield gfile.Rename(f"{folder}/b", f"{folder}/c", overwrite=True)
    yield gfile.Stat(f"{folder}/c").length, gfile.Stat(f"{folder}/x").is_directory
    yield sorted(gfile.ListDirectory(folder))
    yield sorted(gfile.Glob(f"{folder}/*")), gfile.Glob(f"{folder}/no*")
    yield gfile.Glob([f"{folder}/c", f"{folder}/x"])
    yield list(gfile.Walk(folder)), list(gfile.Walk(folder, in_order=False))
    yield list(gfile.Walk(f"{folder}/no"))
    yield gfile.DeleteRecursively(f"{folder}/x"), gfile.DeleteRecursively(f"{folder}/c")
    yield outcome(lambda: gfile.DeleteRecursively(f"{folder}/no")) and gfile.ListDirectory(folder)


@pytest.mark.tensorflow
def test_every_call_ends_as_in_tensorflow(tensorflow, tmp_path):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    found = [str(each).replace("/ours", "") for each in scenario(gfile, ours)]
    expected = [str(each).replace("/theirs", "") for each in scenario(tensorflow.gfile, theirs)]

    assert found == expected


def test_a_file_is_opened_when_it_is_first_read(tmp_path):
    file = gfile.GFile(str(tmp_path / "missing"))
    with pytest.raises(errors.NotFoundError, match="missing; No such file or directory"):
        file.read()


def test_lines_are_iterated_over(tmp_path):
    (tmp_path / "a").write_text("one\ntwo")

    assert list(gfile.FastGFile(tmp_path / "a")) == ["one\n", "two"]
    assert list(gfile.Open(tmp_path / "a", "rb")) == [b"one\n", b"two"]


def test_the_size_counts_what_is_not_yet_on_disk(tmp_path):
    with gfile.GFile(tmp_path / "a", "w") as file:
        file.write("héllo")

        assert file.size() == 6


def test_seek_needs_a_place():
    with pytest.raises(TypeError, match="offset argument required"):
        gfile.GFile("a").seek()


@pytest.mark.parametrize("mode", ["r+", "w+", "a+"])
def test_what_is_written_is_read_from_the_start(tmp_path, mode):
    with tf.gfile.GFile(tmp_path / "x", mode) as file:
        file.write("one\ntwo\n")

        assert file.readline() == "one\n"
        file.write("three\n")
        assert (file.tell(), file.read()) == (4, "two\nthree\n")


def test_the_first_write_empties_a_file_that_is_not_appended_to(tmp_path):
    path = tmp_path / "x"
    for mode, left in (("w", "b"), ("r+", "b"), ("w+", "b"), ("a", "ab"), ("a+", "ab")):
        path.write_text("a")
        with tf.gfile.GFile(path, mode) as file:
            file.write("b")

        assert path.read_text() == left


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path):
    from minitf.compat.internal import file_io

    path = tmp_path / "x"
    file_io.atomic_write_string_to_file(path, "one")
    file_io.atomic_write_string_to_file(path, b"two")
    with pytest.raises(tf.errors.AlreadyExistsError):
        file_io.atomic_write_string_to_file(path, "three", overwrite=False)

    assert [each.read_text() for each in tmp_path.iterdir()] == ["two"]


def test_there_is_nothing_before_the_start(tmp_path):
    (tmp_path / "x").write_text("a")
    with (
        tf.gfile.GFile(tmp_path / "x") as file,
        pytest.raises(tf.errors.InvalidArgumentError, match="Invalid argument"),
    ):
        file.seek(-1)


def test_writing_in_the_mode_that_reads_and_writes_makes_or_empties_the_file(tmp_path):
    path = tmp_path / "file"
    for content in ("long text", "text"):
        with gfile.GFile(path, "r+") as file:
            file.write(content)
        assert path.read_text() == content
    with gfile.GFile(path, "r+") as file:
        assert file.read() == "text"
