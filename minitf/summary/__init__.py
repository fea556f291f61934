"""Summaries: what is shown of a program while it runs."""
