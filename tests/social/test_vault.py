"""Credentials are sealed at rest, the key is private, and the keyed hash joins one thread and nothing else."""

import stat
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from social.errors import BeatlineError, InputError
from social.settings import Settings, load_settings
from social.vault import Vault, open_vault

SECRET = "s" * 40
vault = Vault(SECRET)


@pytest.fixture
def without_key(settings: Settings) -> Settings:
    return load_settings({"BEATLINE_HOME": str(settings.home)})


@given(st.dictionaries(st.text(max_size=20), st.text(max_size=50), max_size=4))
def test_what_was_sealed_opens_as_it_was(credentials: dict[str, str]) -> None:
    assert vault.open(vault.seal(credentials)) == credentials


def test_sealed_credentials_show_nothing_and_differ_each_time() -> None:
    first, second = (vault.seal({"access_token": "hush-hush"}) for _ in range(2))
    assert b"hush-hush" not in first
    assert first != second


def test_another_key_says_what_to_do_and_shows_nothing() -> None:
    sealed = vault.seal({"access_token": "hush-hush"})
    with pytest.raises(BeatlineError, match=r"sealed with another key\. Put back the key") as caught:
        Vault("t" * 40).open(sealed)
    assert "hush-hush" not in str(caught.value)


def test_a_key_that_is_too_short_is_refused() -> None:
    with pytest.raises(InputError, match="at least 32"):
        Vault("short")


def test_the_key_file_is_made_for_its_owner_alone_and_used_again(without_key: Settings) -> None:
    sealed = open_vault(without_key).seal({"page_access_token": "x"})
    path = without_key.home / "key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_vault(without_key).open(sealed) == {"page_access_token": "x"}


def test_processes_that_start_together_come_to_one_whole_key(without_key: Settings) -> None:
    """With a file that is made first and filled afterwards, some would read it empty."""
    for _ in range(20):
        (without_key.home / "key").unlink(missing_ok=True)
        together, sealed, failures = threading.Barrier(4), [], []

        def open_one(together: threading.Barrier = together, sealed: list[bytes] = sealed,
                     failures: list[Exception] = failures) -> None:  # fmt: skip
            together.wait()
            try:
                sealed.append(open_vault(without_key).seal({"page_access_token": "x"}))
            except Exception as error:
                failures.append(error)

        threads = [threading.Thread(target=open_one) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        assert [open_vault(without_key).open(one) for one in sealed] == [{"page_access_token": "x"}] * 4
    assert {path.name for path in without_key.home.iterdir()} - {"beatline.sqlite"} == {"key"}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_may_read_is_refused_with_the_command_that_mends_it(
    without_key: Settings, mode: int
) -> None:
    open_vault(without_key)
    path = without_key.home / "key"
    path.chmod(mode)
    with pytest.raises(BeatlineError, match=f"chmod 600 {path}"):
        open_vault(without_key)


def test_a_key_from_the_environment_leaves_no_file(settings: Settings) -> None:
    open_vault(settings)
    assert not (settings.home / "key").exists()


def test_the_same_author_has_one_key_in_a_thread_and_another_elsewhere() -> None:
    """R25: nothing joins what one person wrote under different posts."""
    assert vault.thread_key("x/1", "author") == vault.thread_key("x/1", "author")
    assert vault.thread_key("x/1", "author") != vault.thread_key("x/2", "author")
    assert vault.thread_key("x/1", "author") != vault.thread_key("x/1", "somebody else")


def test_a_thread_key_cannot_be_made_without_the_vaults_key() -> None:
    assert vault.thread_key("x/1", "author") != Vault("t" * 40).thread_key("x/1", "author")
    assert "author" not in vault.thread_key("x/1", "author")


def test_thread_and_author_cannot_run_into_each_other() -> None:
    assert vault.thread_key("1", "23") != vault.thread_key("12", "3")
