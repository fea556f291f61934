"""Variables as the client sees them: how they are made, named, shared, split and initialised.

    base            Variable: what both kinds share; `tf.Variable(...)` makes one of them
    ref             RefVariable: behind a ref, TensorFlow 1.x's own kind
    resource        ResourceVariable: behind a resource handle
    initial_value   initial values that depend on other variables
    store, scope    get_variable and variable_scope: variables found again by name
    partitioned     one variable kept in several
    template        functions that make their variables once
    initializers, regularizers

Source: 2015 §2 "Variables"; OSDI §3.1, §4.1; TensorFlow 1.15's classes of the same names.
"""
