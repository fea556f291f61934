"""The distributed runtime: one step on many tasks, each a process with devices of its own.

    client  --RunStep-->  master  --RunGraph-->  workers  <--RecvTensor-->  workers

| file              | what it is                                                         |
|-------------------|--------------------------------------------------------------------|
| `messages.py`     | what tasks say to each other: typed, no more than these            |
| `wire.py`         | a message as bytes, tensors as they lie in memory                  |
| `key.py`          | the key that all tasks of a cluster know, and how each proves that |
| `channel.py`      | requests and their replies, over TCP or within a process           |
| `listener.py`     | where a task is reached                                            |
| `peers.py`        | the tasks of a cluster, and the ways to them                       |
| `tasks.py`        | what devices they have                                             |
| `session.py`      | a client's side of a session                                       |
| `master.py`       | a step as graphs of workers, registered once                       |
| `cluster_step.py` | a registered step: one message to each worker, and back            |
| `worker.py`       | keeps graphs and state, and runs                                   |
| `rendezvous.py`   | where the Sends and Recvs of several processes meet                |
| `server.py`       | `tf.train.Server`: a worker and a master that listen               |

Source: 2015 §3 (client, master, worker), §3.3; OSDI §3.3, §5.
"""
