"""`python -m evenhand.cli …` does what `evenhand …` does."""

from evenhand.cli.app import main

if __name__ == "__main__":
    main()
