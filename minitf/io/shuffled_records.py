"""Records of many files without end, each once in an epoch, in a random order.

An epoch visits the files in an order of its own.  Records go through a buffer, of which a random
one leaves when it is full; what is in it at an epoch's end leaves before the next begins.

Source: TensorFlow 1.15's op RecordInput.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from minitf.io.tf_record import tf_record_iterator


def shuffled_records(
    files: Sequence[str], seed: int, shift_ratio: float, buffer_size: int, compression: str
) -> Iterator[bytes]:
    """Yield records for ever.

    Args:
        files: files of records.
        seed: of the orders.
        shift_ratio: which part of the files is moved to the end, once more in each epoch.
        buffer_size: how many records wait at most.
        compression: "", "ZLIB" or "GZIP".

    Raises:
        DataLossError, NotFoundError: see `tf_record_iterator`.
        ValueError: if a whole epoch has no record.
    """
    epoch = 0
    while True:
        chance = random.Random(f"{seed} {epoch}")
        order = list(files)
        chance.shuffle(order)
        first = int(len(order) * shift_ratio * epoch) % len(order)
        waiting: list[bytes] = []
        count = 0
        for file in [*order[first:], *order[:first]]:
            for record in tf_record_iterator(file, compression):
                count += 1
                waiting.append(record)
                if len(waiting) > buffer_size:
                    yield _taken(waiting, chance)
        while waiting:
            yield _taken(waiting, chance)
        if not count:
            raise ValueError(f"There are no records in {', '.join(order)}")
        epoch += 1


def _taken(waiting: list[bytes], chance: random.Random) -> bytes:
    """Take a random record out."""
    place = chance.randrange(len(waiting))
    waiting[place], waiting[-1] = waiting[-1], waiting[place]
    return waiting.pop()
