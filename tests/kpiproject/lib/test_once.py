import re
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Barrier

import pytest

from kpiproject.lib.once import written_once


def test_first_text_stays_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "key"
    assert [written_once(file, lambda: "first"), written_once(file, lambda: "second")] == ["first", "first"]
    assert file.stat().st_mode & 0o777 == 0o600
    assert [found.name for found in tmp_path.glob("*key*")] == ["key"]


def test_all_who_ask_at_the_same_time_get_the_same(tmp_path: Path) -> None:
    numbers, start = count(), Barrier(8)

    def make() -> str:
        start.wait()  # all of them have seen that there is no file
        return str(next(numbers))

    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _number: written_once(tmp_path / "key", make), range(8)))
    assert found == {(tmp_path / "key").read_text()}


def test_interrupted_write_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_file: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        written_once(tmp_path / "key", lambda: "text")
    assert list(tmp_path.glob("*key*")) == []


@pytest.mark.parametrize("left", ["", " \n"])
def test_empty_file_is_not_taken_for_a_text(tmp_path: Path, left: str) -> None:
    file = tmp_path / "key"
    file.write_text(left)
    with pytest.raises(ValueError, match=f"^{re.escape(f'{file} is empty. Delete it, and it is made anew.')}$"):
        written_once(file, lambda: "text")
