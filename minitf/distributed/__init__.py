"""The distributed runtime: one step on many tasks, each a process with devices of its own.

    client  --RunStep-->  master  --RunGraph-->  workers  <--RecvTensor-->  workers

| file            | what it is                                                            |
|-----------------|-----------------------------------------------------------------------|
| `messages.py`   | what tasks say to each other: typed, no more than these               |
| `wire.py`       | a message as bytes, tensors as they lie in memory                     |
| `key.py`        | the key that all tasks of a cluster know, and how each proves that    |
| `channel.py`    | requests and their replies, over TCP or within a process              |

Source: 2015 §3 (client, master, worker), §3.3; OSDI §3.3, §5.
"""
