"""Jobs (后台任务): work that outlasts a page, kept in the database, done by one worker, survived by a restart.

Takes   a kind of work and its parameters, asked for by a person
Gives   state, result or the reason of a refusal; never half a result
Never   does work twice at once: a job is claimed by one conditional update
"""
