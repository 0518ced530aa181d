"""What trusted code takes of the pictures that an agent left in a folder of its own."""

import os
from pathlib import Path

import pytest

from autocoder_action.adapters.claude import browser

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder that the browser's tools save to."""
    made = tmp_path / browser.FOLDER
    made.mkdir()
    return made


def names(home: Path) -> list[str]:
    """Return the names of the pictures that are taken."""
    return [one.name for one in browser.pictures(home)]


def test_pictures_are_taken_by_name_and_whole(tmp_path: Path, folder: Path) -> None:
    (folder / "b.png").write_bytes(PNG)
    (folder / "a.jpeg").write_bytes(b"\xff\xd8\xff" + b"1" * 10)
    first, second = browser.pictures(tmp_path)
    assert (first.name, second.name, second.content) == ("a.jpeg", "b.png", PNG)


def test_where_there_is_no_folder_there_are_no_pictures(tmp_path: Path) -> None:
    assert browser.pictures(tmp_path) == ()


def test_what_is_no_plain_picture_of_one_name_is_left(tmp_path: Path, folder: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(PNG)
    (folder / "link.png").symlink_to(secret)
    os.link(secret, folder / "hard.png")
    (folder / "folder.png").mkdir()
    os.mkfifo(folder / "pipe.png")
    (folder / "text.png").write_text("#!/bin/sh\n")
    (folder / "page.yml").write_bytes(PNG)
    (folder / "empty.png").touch()
    with (folder / "large.png").open("wb") as large:
        large.write(PNG)
        large.truncate(6 * 1024 * 1024)
    (folder / "good.png").write_bytes(PNG)
    assert names(tmp_path) == ["good.png"]


def test_a_link_in_place_of_the_folder_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.png").write_bytes(PNG)
    (tmp_path / browser.FOLDER).symlink_to(tmp_path / "elsewhere")
    assert names(tmp_path) == []


def test_very_many_pictures_are_bounded(tmp_path: Path, folder: Path) -> None:
    for number in range(100):
        (folder / f"{number:03}.png").write_bytes(PNG)
    assert names(tmp_path) == [f"{number:03}.png" for number in range(30)]


def test_an_image_without_a_browser_has_none(tmp_path: Path) -> None:
    assert browser.find(tmp_path) is None
