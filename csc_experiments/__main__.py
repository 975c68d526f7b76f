"""`python -m csc_experiments` is the command."""

from csc_experiments.cli import main

raise SystemExit(main())
