"""How fast coachbook is, beside peers that are measured in the same run.

    make bench                      everything, about two minutes
    python -m benchmarks check      one part: age, check, build or portal
    python -m benchmarks build --peer-pages 2000

A figure of one machine says little; what is compared is the ratio to the peer
next to it. The aims stand with each table.
"""
