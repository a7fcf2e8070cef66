"""Web: the pages people read and act on (网页).

Takes   a folder of releases, a data folder for working records, a database address
Gives   pages in Chinese: home, register, subject, quality; accounts with a jurisdiction each; a log of sensitive reads
Never   decides about data: it parses, calls one service of another room, shows
Law     GB/T 35273-2020 (masking), GB/T 22239-2019 (login, lock-out, audit)

`settings` reads everything from the environment; `serving` prepares the data folder and starts the server.
"""

__all__: list[str] = []
