"""Scripts of letters: some letters by hand, and that nothing is left out."""

import numpy as np

from minitf.ops.strings.scripts import LAST, unicode_script_op

COMMON, GREEK, HAN, LATIN, UNKNOWN = 0, 14, 17, 25, 103


def test_letters_have_their_script_and_numbers_beyond_none():
    points = np.array([ord("a"), 0x3B1, 0x6F22, ord("1"), -1, LAST + 1, LAST], np.int32)

    assert unicode_script_op.body(points).tolist() == [
        *(LATIN, GREEK, HAN, COMMON, -1, -1, UNKNOWN)
    ]


def test_every_code_point_has_a_script():
    scripts = unicode_script_op.body(np.arange(LAST + 1, dtype=np.int32))

    assert scripts.min() == COMMON
    assert len(set(scripts.tolist())) > 100
