"""Makes `python -m coachbook` the same as `coachbook`."""

import sys

from coachbook.cli import main

sys.exit(main())
