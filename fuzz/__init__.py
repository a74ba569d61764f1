"""Fuzzing: what is read from a file never crashes, hangs, loses a line or says what is sealed.

    make fuzz                  every target, a minute each
    make fuzz SECONDS=600      longer
    python -m fuzz age merge   some of them

A target is a function that takes bytes and fails if a promise is broken; `targets` lists them.
With atheris the bytes are led by what the code makes of them, without it they are drawn by
Hypothesis. What breaks a promise is kept in `tests/fuzz/regressions`, and every test run tries
it again.
"""
