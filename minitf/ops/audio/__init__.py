"""Sounds: files of samples, and what is heard in them."""
