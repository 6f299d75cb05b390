"""The file: written as a stream, and read with every checksum proved."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

FORMAT: Final = "plumbline-backup"
FORMAT_VERSION: Final = 1
_PARTS: Final = {"format_version", "plumbline", "created_at", "migrations", "tables", "media"}
_MANIFEST: Final = "manifest.json"
_CHUNK: Final = 1 << 20


class BackupError(Exception):
    """The file or the target cannot be used; the message is the sentence to show."""


class Writer:
    """Writes beside the file and renames at the end, so that a half-written backup never looks like one."""

    def __init__(self, file: IO[bytes], *, plumbline: str, migrations: Iterable[tuple[str, str]]) -> None:
        self._zip = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=4)
        self.manifest: dict[str, Any] = {
            "format": FORMAT,
            "format_version": FORMAT_VERSION,
            "plumbline": plumbline,
            "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "migrations": sorted(migrations),
            "tables": {},
            "media": {},
        }

    def add_table(self, name: str, columns: list[str], rows: Iterable[list[Any]]) -> int:
        digest, count = hashlib.sha256(), 0
        with self._zip.open(f"tables/{name}.jsonl", "w", force_zip64=True) as member:
            for row in rows:
                line = json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
                digest.update(line)
                member.write(line)
                count += 1
        self.manifest["tables"][name] = {"columns": columns, "rows": count, "sha256": digest.hexdigest()}
        return count

    def add_media(self, name: str, content: IO[bytes]) -> None:
        digest = hashlib.sha256()
        with self._zip.open(f"media/{name}", "w", force_zip64=True) as member:
            while chunk := content.read(_CHUNK):
                digest.update(chunk)
                member.write(chunk)
        self.manifest["media"][name] = {"sha256": digest.hexdigest()}

    def close(self) -> None:
        self._zip.writestr(_MANIFEST, json.dumps(self.manifest, indent=1))
        self._zip.close()


@contextmanager
def reading(file: Path) -> Iterator["Reader"]:
    try:
        archive = ZipFile(file)
    except OSError as error:
        msg = f"{file} cannot be read: {error.strerror}."
        raise BackupError(msg) from error
    except BadZipFile as error:
        msg = f"{file} is not a backup made by Plumbline, or a part of it is missing."
        raise BackupError(msg) from error
    with archive:
        yield Reader(archive, file)


@contextmanager
def _proving(file: Path) -> Iterator[None]:
    """Whatever the ZIP format itself notices."""
    try:
        yield
    except (BadZipFile, EOFError, zlib.error, NotImplementedError, RuntimeError) as error:
        raise damaged(file, str(error).rstrip(".")) from error


def damaged(file: Path, how: str) -> BackupError:
    return BackupError(f"{file} is damaged ({how}); nothing was restored.")


class Reader:
    def __init__(self, archive: ZipFile, file: Path) -> None:
        self._zip = archive
        self.file = file
        self.manifest = self._read_manifest()

    @property
    def migrations(self) -> set[tuple[str, str]]:
        return {(app, name) for app, name in self.manifest["migrations"]}

    @property
    def tables(self) -> dict[str, Any]:
        return dict(self.manifest["tables"])

    def rows(self, table: str) -> Iterator[list[Any]]:
        """Every row; damage is found at the end at the latest, so use them inside a transaction."""
        said = self.manifest["tables"][table]
        digest, count = hashlib.sha256(), 0
        with _proving(self.file), self._open(f"tables/{table}.jsonl") as member:
            for line in member:
                digest.update(line)
                count += 1
                yield self._row(line, width=len(said["columns"]))
        if count != said["rows"] or digest.hexdigest() != said["sha256"]:
            raise damaged(self.file, f"table {table} is not as it was saved")

    def extract_media(self, folder: Path) -> int:
        for name, said in self.manifest["media"].items():
            target = folder / name
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise damaged(self.file, f"{name} leads out of the folder")
            target.parent.mkdir(parents=True, exist_ok=True)
            if self._copy(f"media/{name}", target) != said["sha256"]:
                raise damaged(self.file, f"the upload {name} is not as it was saved")
        return len(self.manifest["media"])

    def _copy(self, name: str, target: Path) -> str:
        digest = hashlib.sha256()
        with _proving(self.file), self._open(name) as member, target.open("wb") as copy:
            while chunk := member.read(_CHUNK):
                digest.update(chunk)
                copy.write(chunk)
        return digest.hexdigest()

    def _row(self, line: bytes, *, width: int) -> list[Any]:
        try:
            row = json.loads(line)
        except ValueError as error:
            raise damaged(self.file, "a row cannot be read") from error
        if not isinstance(row, list) or len(row) != width:
            raise damaged(self.file, "a row has the wrong number of values")
        return row

    def _open(self, name: str) -> IO[bytes]:
        try:
            return self._zip.open(name)
        except KeyError as error:
            raise damaged(self.file, f"{name} is missing") from error

    def _read_manifest(self) -> dict[str, Any]:
        foreign = BackupError(f"{self.file} is not a backup made by Plumbline.")
        if _MANIFEST not in self._zip.namelist():
            raise foreign
        try:
            with _proving(self.file):
                manifest = json.loads(self._zip.read(_MANIFEST))
        except ValueError as error:
            raise foreign from error
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT or not manifest.keys() >= _PARTS:
            raise foreign
        if manifest["format_version"] > FORMAT_VERSION:
            raise BackupError(newer(self.file, manifest["plumbline"]))
        return manifest


def newer(file: Path, version: str) -> str:
    return f"{file} was made by a newer version of Plumbline ({version}). Restore it with that version or a later one."
