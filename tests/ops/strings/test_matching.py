"""Regular expressions: RE2's meaning, messages."""

import pytest

from minitf.errors import InvalidArgumentError
from minitf.ops.strings.arrays import strings
from minitf.ops.strings.matching import regex_full_match_op, regex_replace_op
from minitf.testing.text_cases import scalar


def replaced(text, pattern, rewrite, **attrs):
    texts = strings([text], (1,))
    return regex_replace_op.body(texts, scalar(pattern), scalar(rewrite), **attrs).item()


@pytest.mark.parametrize(
    ("text", "pattern", "rewrite", "made"),
    [
        (b"2020-01-02", rb"(\d+)-(\d+)", rb"\2/\1", b"01/2020-02"),
        (b"abxd", b"x*", b"-", b"-a-b-d-"),  # nothing empty right behind a match
        (b"ab", b".*?", b"-", b"-a-b-"),
        (b"line\n", b"$", b"!", b"line\n!"),
        (b"a\nb", b"(?m)$", b"!", b"a!\nb!"),
        (b"aBc", b"(?i)b", b"", b"ac"),
        (b"aBc", b"(?i:b)C", b"", b"aBc"),
        (b"B c", b"a(?i)|b", b"-", b"- c"),
        ("é٣3".encode(), rb"\d", b"#", "é٣#".encode()),
        (b"a.b", rb"\Qa.\E", b"-", b"-b"),
        (b"x{y", b"{", b"-", b"x-y"),
        (b"a]b", b"[]b]", b"-", b"a--"),
        (b"tab\t1", b"[[:space:][:digit:]]+", b"_", b"tab_"),
        (b"abc", rb"(z)?b", rb"<\1>", b"a<>c"),
        (b"abc", b"b", rb"\\", b"a\\c"),
        (b"abc", b"b", rb"\3", b"abc"),  # no such group: all stays as it is
        (b"\xff", b".", b"x", b"x"),
    ],
)
def test_patterns_mean_what_re2_says(text, pattern, rewrite, made):
    assert replaced(text, pattern, rewrite) == made


def test_the_first_match_alone_may_be_replaced():
    assert replaced(b"aaa", b"a", b"b", replace_global=False) == b"baa"


def test_a_full_match_takes_all_of_a_string():
    texts = strings([b"ab", b"abc", b"ab\n"], (3,))

    assert regex_full_match_op.body(texts, scalar(b"a(b|bc)")).tolist() == [True, True, False]


@pytest.mark.parametrize(
    "pattern",
    [b"(?=a)", rb"(a)\1", b"a*+", b"(a", b"a)", b"[a", rb"\pL", b"(?U)a", b"[[:^alpha:]]"],
)
def test_what_one_of_the_two_languages_lacks_is_refused(pattern):
    with pytest.raises(InvalidArgumentError, match="Invalid pattern: "):
        replaced(b"a", pattern, b"")


@pytest.mark.parametrize("rewrite", [rb"\a", b"\\"])
def test_a_wrong_replacement_is_refused(rewrite):
    with pytest.raises(InvalidArgumentError, match="Invalid rewrite pattern"):
        replaced(b"a", b"a", rewrite)
