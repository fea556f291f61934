raise ImportError("minitf.device is called minitf.devices: tf.device is a public function, and a submodule would hide it")
