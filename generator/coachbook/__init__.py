"""Coaching records as plain files: checked, sealed and published by policy."""

__version__ = "0.1.0"
