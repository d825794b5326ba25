from pathlib import Path

import pytest

from services.local import places
from services.local.places import Home, cache_directory, elasticsearch_home, install, is_open

OTHER = 54321


@pytest.fixture
def open_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A directory taken for open, whatever the directories above it are."""
    folder = tmp_path / "open"
    folder.mkdir()
    monkeypatch.setattr(places, "is_open", lambda path: path.is_relative_to(folder))
    return folder


@pytest.fixture
def public(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "public"
    monkeypatch.setattr(places, "PUBLIC", folder)
    return folder


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"BROADSHEET_CACHE": "/a/cache", "XDG_CACHE_HOME": "/b", "HOME": "/c"}, "/a/cache"),
        ({"XDG_CACHE_HOME": "/b", "HOME": "/c"}, "/b/broadsheet"),
        ({"HOME": "/c"}, "/c/.cache/broadsheet"),
    ],
)
def test_the_cache_is_where_the_nearest_variable_says(
    variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BROADSHEET_CACHE", "XDG_CACHE_HOME", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert cache_directory() == Path(expected)


def test_a_path_is_open_only_if_every_directory_above_it_is(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "inside").mkdir(parents=True)
    closed.chmod(0o700)
    assert not is_open(closed / "inside" / "not there yet")
    assert is_open(Path("/"))


def test_our_own_user_keeps_elasticsearch_in_the_home_directory(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert elasticsearch_home(home, None) == home.elasticsearch
    assert not home.elasticsearch.is_symlink()


def test_another_user_is_sent_to_the_public_place_if_the_home_directory_is_closed(
    tmp_path: Path, public: Path, open_folder: Path
) -> None:
    home = Home(tmp_path / "closed")
    place = elasticsearch_home(home, OTHER)
    assert place.parent == public
    assert home.elasticsearch.resolve() == place
    (place / "kept").touch()
    assert (elasticsearch_home(home, OTHER) / "kept").exists()
    assert elasticsearch_home(Home(open_folder), OTHER) == open_folder / "data" / "elasticsearch"


@pytest.mark.usefixtures("open_folder", "public")
def test_a_removed_home_directory_takes_its_data_in_the_public_place_with_it(tmp_path: Path) -> None:
    home = Home(tmp_path / "closed")
    (elasticsearch_home(home, OTHER) / "old").touch()
    home.elasticsearch.unlink()
    assert not (elasticsearch_home(home, OTHER) / "old").exists()


def test_an_installation_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    def fails(folder: Path) -> Path:
        (folder / "half").mkdir()
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        install(tmp_path / "place", fails)
    assert list(tmp_path.iterdir()) == []


def test_of_two_installations_at_once_one_is_kept_whole(tmp_path: Path) -> None:
    place = tmp_path / "place"

    def slow(folder: Path) -> Path:
        install(place, quick)
        return quick(folder)

    def quick(folder: Path) -> Path:
        (folder / "made").mkdir()
        (folder / "made" / "file").touch()
        return folder / "made"

    assert [path.name for path in install(place, slow).iterdir()] == ["file"]
    assert list(tmp_path.iterdir()) == [place]
