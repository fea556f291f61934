"""The conformance kit: cases of every op, and the properties that they must have."""
