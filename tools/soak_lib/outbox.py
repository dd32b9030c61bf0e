"""Reads the outbox of a daemon that is not running, as it left it."""
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from soak_lib.ledger import Row


def rows(directory):
    """The file is copied first, with its log, so that nothing but the daemon recovers it."""
    with tempfile.TemporaryDirectory(dir=directory.parent) as place:
        for name in directory.rglob("outbox.sqlite*"):
            if not name.name.endswith("-shm"):
                shutil.copy(name, place)
        with closing(sqlite3.connect(Path(place, "outbox.sqlite"))) as db:
            return [Row(*row[:4], bool(row[4])) for row in db.execute(
                "SELECT id, session, state, (SELECT count(*) FROM attempt WHERE sms = sms.id), handed_off FROM sms")]
