raise ImportError("minitf.shape is called minitf.shapes: tf.shape is a public function, and a submodule would hide it")
