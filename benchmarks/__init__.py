"""How fast coachbook is, beside peers that are measured in the same run.

    make bench                           everything that takes seconds, about two minutes
    make bench-large                     trusts of 500 to 100,000 records, and the chart
    python -m benchmarks check           one part: age, guess, check, build or portal
    python -m benchmarks serve           from a save to its finding, and to its page
    python -m benchmarks large --sizes 2000 20000
    python -m benchmarks chart           docs/size.svg and docs/size.md, from size.json
    python -m benchmarks build --peer-pages 2000

A figure of one machine says little; what is compared is the ratio to the peer next to it. The
aims stand with each table. Trusts are made once and kept in build/bench/.
"""
