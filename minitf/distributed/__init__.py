"""The distributed runtime: one step on many tasks, each a process with devices of its own.

    client  --RunStep-->  master  --RunGraph-->  workers  <--RecvTensor-->  workers

| file            | what it is                                                            |
|-----------------|-----------------------------------------------------------------------|
| `messages.py`   | what tasks say to each other: typed, no more than these               |
| `wire.py`       | a message as bytes, tensors as they lie in memory                     |
| `key.py`        | the key that all tasks of a cluster know, and how each proves that    |
| `replies.py`    | what brings a reply, and how errors travel                            |
| `channel.py`    | requests and their replies, over TCP or within a process              |
| `listener.py`   | where a task is reached                                               |
| `peers.py`      | the tasks of a cluster and the ways to them                           |
| `tasks.py`      | the devices that tasks have, asked for when a step needs them         |
| `health.py`     | notices workers that are there but silent                             |
| `rendezvous.py` | where the Sends and Recvs of a step meet, across processes            |
| `worker.py`     | runs its part of a step                                               |
| `cluster_step.py` | a step that workers have registered                                 |
| `master_session.py` | a client's session: makes steps ready to run on workers           |
| `master.py`     | answers clients                                                       |
| `session.py`    | a client's side of a session                                          |
| `server.py`     | `tf.train.Server`: master and worker of one task                      |

Source: 2015 §3 (client, master, worker), §3.3; OSDI §3.3, §5.
"""
