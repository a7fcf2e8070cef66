"""Command line: `evenhand …`. Commands parse, call one service and show; they decide nothing.

Takes   words typed by a person
Gives   Chinese text on the screen, and an exit code: 0 done; 1 done, with findings that block; 2 wrong usage or bad input; 3 not done
Never   shows a traceback for something that a person can mend
Law     none
"""

from evenhand.cli.app import app, main

__all__ = ["app", "main"]
