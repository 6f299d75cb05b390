"""Alarms: figures, goals and data feeds that are watched, who is told of what, and what people answer.

`lifecycle`, `quiet`, `chains` and `budget` are pure. `readings` says how a rule stands, `watch` moves it on, `telling`
tells people (`readers` says whom, `surroundings` what stands around an alarm), `actions` is what people do about it.
"""
