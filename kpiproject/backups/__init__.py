"""Everything an installation knows, in one file that fits both databases.

A backup is a ZIP file: `manifest.json`, one `tables/<table>.jsonl` a table (a JSON list a row) and the uploads as
`media/<path>`, each with its SHA-256. It says which migrations its tables had, so that a later version first builds
those, loads the rows, and then migrates forward; and because nothing in it belongs to one database, what was saved on
SQLite can be restored into PostgreSQL and back.

Not in it: the secret key, the embedded queue, who is logged in and who has failed to, and the text of mails that hold a
key to an account. Whoever finds a backup must not get in with it: with the secret key they could forge sessions. It
signs only links that live for days (invitations of people, password resets), which can be sent again; the links in
survey mails are rows and keep working. What is queued is found again by the sweeps.
"""
