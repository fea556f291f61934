"""Cases of every op: the tree mirrors `minitf/ops`."""
