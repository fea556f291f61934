"""The Session: what a client asks of a graph, made into steps.

    session       Session: `run`, `make_callable`, closing, the default session
    interactive   InteractiveSession: the default session from the start
    fetches       the structure of what is fetched, taken apart and put together again
    feeds         values for placeholders and other edges: checked and converted
    prepared_run  one signature of `run` (fetches, feeds), parsed once
    partial_run   a run whose feeds come one after the other
    options       ConfigProto, read
    store         which sessions share variables
    report        RunMetadata: what a run did
    uninitialized why a variable has no value yet
    growth        a warning for graphs that grow from run to run

Source: 2015 §2 "Sessions"; OSDI §3.2, §3.3.
"""
