"""Checkpoints of objects: what is saved is named by the way to it, from object to part."""
