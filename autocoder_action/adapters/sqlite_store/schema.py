"""The tables of features.db, and the views through which other programs read them.

The statements are written out, because their text becomes part of the file: were they generated, a new
version of a library could change the bytes of every backlog. Tests hold them to the names below and in ``content``.

Features are kept by the sheet, a JSON text in one row: a run always reads all of them, and a row for each feature with
a column for each value would take most of the time that reading takes. The views are for whoever looks at the file
with another program; we read none.
"""

from collections.abc import Mapping, Sequence

VERSION = 3
"""Stored as ``user_version``; raised with every change of the tables, and then every older one leads to it."""
APPLICATION_ID = 0x41_43_46_44
"""Stored in the header, so that no other program's file is taken for a backlog: ``ACFD``."""

_PROJECT = "CREATE TABLE project (id INTEGER PRIMARY KEY, next_id INTEGER NOT NULL, initialized TEXT) STRICT"
_APPLIED = "CREATE TABLE applied (id INTEGER PRIMARY KEY, change TEXT NOT NULL) STRICT"
_FIRST = (
    _PROJECT,
    (
        "CREATE TABLE features (id INTEGER PRIMARY KEY, uid TEXT NOT NULL, name TEXT NOT NULL, category TEXT NOT NULL,"
        " description TEXT NOT NULL, steps TEXT NOT NULL, priority INTEGER NOT NULL, depends_on TEXT NOT NULL,"
        " status TEXT NOT NULL, check_command TEXT, built INTEGER NOT NULL, regressed INTEGER NOT NULL,"
        " attempts INTEGER NOT NULL, last_error TEXT, skip_reason TEXT, created_at INTEGER NOT NULL,"
        " updated_at INTEGER NOT NULL) STRICT"
    ),
    (
        "CREATE TABLE proofs (feature_id INTEGER PRIMARY KEY REFERENCES features (id), at INTEGER NOT NULL, login TEXT,"
        " command TEXT, exit_code INTEGER, duration_ms INTEGER, run TEXT, session TEXT, tree TEXT) STRICT"
    ),
    _APPLIED,
)
_EVIDENCE = (
    "CREATE TABLE evidence (feature_id INTEGER NOT NULL REFERENCES features (id), place INTEGER NOT NULL,"
    " command TEXT NOT NULL, exit_code INTEGER, duration_ms INTEGER NOT NULL, at INTEGER NOT NULL,"
    " run TEXT NOT NULL, session TEXT NOT NULL, tree TEXT NOT NULL, output TEXT NOT NULL,"
    " PRIMARY KEY (feature_id, place)) STRICT, WITHOUT ROWID"
)
_SHEET = "CREATE TABLE sheet (id INTEGER PRIMARY KEY, content TEXT NOT NULL) STRICT"
_VIEWS = (
    (
        "CREATE VIEW features AS SELECT json_extract(value, '$[0]') AS id, json_extract(value, '$[1]') AS uid,"
        " json_extract(value, '$[2]') AS name, json_extract(value, '$[3]') AS category,"
        " json_extract(value, '$[4]') AS description, json_extract(value, '$[5]') AS steps,"
        " json_extract(value, '$[6]') AS priority, json_extract(value, '$[7]') AS depends_on,"
        " json_extract(value, '$[8]') AS status, json_extract(value, '$[9]') AS \"check\","
        " json_extract(value, '$[10]') AS proof, json_extract(value, '$[11]') AS evidence,"
        " json_extract(value, '$[12]') AS built, json_extract(value, '$[13]') AS regressed,"
        " json_extract(value, '$[14]') AS attempts, json_extract(value, '$[15]') AS last_error,"
        " json_extract(value, '$[16]') AS skip_reason, json_extract(value, '$[17]') AS created_at,"
        " json_extract(value, '$[18]') AS updated_at FROM sheet, json_each(content)"
    ),
    (
        "CREATE VIEW evidence AS SELECT json_extract(one.value, '$[0]') AS feature_id, seen.key + 1 AS place,"
        " json_extract(seen.value, '$[0]') AS command, json_extract(seen.value, '$[1]') AS exit_code,"
        " json_extract(seen.value, '$[2]') AS duration_ms, json_extract(seen.value, '$[3]') AS at,"
        " json_extract(seen.value, '$[4]') AS run, json_extract(seen.value, '$[5]') AS session,"
        " json_extract(seen.value, '$[6]') AS tree, json_extract(seen.value, '$[7]') AS output"
        " FROM sheet, json_each(content) AS one, json_each(one.value, '$[11]') AS seen"
    ),
)
"""They come before the tables: where one is the last, ``integrity_check`` passes over pages that belong to nothing."""
_ROWS_TO_SHEETS = (
    # Each feature gets a sheet of its own, until it is written. Steps were a step a line; U+FFFF, which no text may
    # hold, keeps the ends of lines apart from what is quoted.
    "INSERT INTO sheet SELECT id, json_array(json_array(id, uid, name, category, description,"
    " json(CASE steps WHEN '' THEN '[]' ELSE"
    " '[' || replace(json_quote(replace(steps, char(10), char(65535))), char(65535), '\",\"') || ']' END),"
    " priority, json('[' || replace(depends_on, ' ', ',') || ']'), status, check_command,"
    " json((SELECT CASE WHEN login IS NULL"
    " THEN json_array(command, exit_code, duration_ms, at, run, session, tree)"
    " WHEN coalesce(command, exit_code, duration_ms, run, session, tree) IS NULL"
    " THEN json_object('login', login, 'at', at) ELSE '\"of a person and of a check\"' END"
    " FROM proofs WHERE feature_id = features.id)),"
    " json((SELECT json_group_array(json_array(command, exit_code, duration_ms, at, run, session, tree, output))"
    " FROM (SELECT * FROM evidence WHERE feature_id = features.id ORDER BY place))),"
    " json(CASE built WHEN 0 THEN 'false' WHEN 1 THEN 'true' ELSE built END),"
    " json(CASE regressed WHEN 0 THEN 'false' WHEN 1 THEN 'true' ELSE regressed END),"
    " attempts, last_error, skip_reason, created_at, updated_at)) FROM features ORDER BY id"
)
MIGRATIONS: Mapping[int, Sequence[str]] = {
    1: (_EVIDENCE,),
    2: (_SHEET, _ROWS_TO_SHEETS, "DROP TABLE evidence", "DROP TABLE proofs", "DROP TABLE features", *_VIEWS),
}
"""What leads from each older version to the next one."""
STATEMENTS: Mapping[int, Sequence[str]] = {
    1: _FIRST,
    2: (*_FIRST, _EVIDENCE),
    VERSION: (*_VIEWS, _PROJECT, _APPLIED, _SHEET),
}
"""For each version that can be read, what makes its tables and views, in this order.

There is no index: a run reads all rows, and what is unique is verified then.
"""

COLUMNS: Mapping[str, Sequence[str]] = {
    "project": ("id", "next_id", "initialized"),
    "applied": ("id", "change"),
    "sheet": ("id", "content"),
}
"""The columns of each table, all in the order in which they are made and written."""
