"""A setting comes from the environment, else from the file, else from its default; what is wrong is named."""

from pathlib import Path

import pytest

from social.errors import InputError
from social.settings import TABLE, load_settings


def home(tmp_path: Path, toml: str = "") -> dict[str, str]:
    if toml:
        (tmp_path / "beatline.toml").write_text(toml, encoding="utf-8")
    return {"BEATLINE_HOME": str(tmp_path)}


def test_the_environment_beats_the_file_and_the_file_beats_the_default(tmp_path: Path) -> None:
    environment = home(tmp_path, "port = 9001\nlease = 90\n") | {"BEATLINE_PORT": "9002"}
    settings = load_settings(environment)
    assert (settings.port, settings.lease, settings.settle) == (9002, 90.0, 45.0)
    assert settings.source["port"] == "environment (BEATLINE_PORT)"
    assert settings.source["lease"] == "beatline.toml"
    assert settings.source["settle"] == "default"


def test_the_command_line_beats_the_environment_and_none_is_not_given(tmp_path: Path) -> None:
    environment = home(tmp_path) | {"BEATLINE_PORT": "9002"}
    assert load_settings(environment, port=9003).port == 9003
    assert load_settings(environment, port=None).port == 9002


def test_an_empty_variable_counts_as_not_set(tmp_path: Path) -> None:
    assert load_settings(home(tmp_path) | {"BEATLINE_PORT": ""}).port == 8501


def test_the_file_is_read_from_the_home_that_was_chosen(tmp_path: Path) -> None:
    chosen = tmp_path / "chosen"
    chosen.mkdir()
    (chosen / "beatline.toml").write_text("port = 9009", encoding="utf-8")
    assert load_settings({"BEATLINE_HOME": str(tmp_path)}, home=chosen).port == 9009


def test_without_a_database_url_the_database_is_a_file_in_the_home(tmp_path: Path) -> None:
    assert load_settings(home(tmp_path)).database_url == f"sqlite:///{tmp_path / 'beatline.sqlite'}"


@pytest.mark.parametrize("number", [s.name for s in TABLE if s.default.isdigit()])
@pytest.mark.parametrize("wrong", ["-1", "soon", "nan"])
def test_a_number_that_cannot_be_used_is_named(tmp_path: Path, number: str, wrong: str) -> None:
    variable = f"BEATLINE_{number.upper()}"
    with pytest.raises(InputError) as caught:
        load_settings(home(tmp_path) | {variable: wrong})
    assert f"{number}: '{wrong}' from environment ({variable})" in str(caught.value)


@pytest.mark.parametrize(("name", "wrong"), [("port", "65536"), ("practice_port", "70000"), ("claim_batch", "0")])
def test_a_number_that_nothing_could_work_with_is_named(tmp_path: Path, name: str, wrong: str) -> None:
    with pytest.raises(InputError, match=f"{name}: '{wrong}'"):
        load_settings(home(tmp_path) | {f"BEATLINE_{name.upper()}": wrong})


def test_the_file_cannot_say_that_it_lies_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="set it with BEATLINE_HOME or --home"):
        load_settings(home(tmp_path, "home = '/elsewhere'"))


def test_every_bad_value_is_named_at_once(tmp_path: Path) -> None:
    environment = home(tmp_path, "lease = 'long'\npase = 3\n") | {"BEATLINE_PORT": "http", "BEATLINE_SETTLE": "0"}
    with pytest.raises(InputError) as caught:
        load_settings(environment)
    assert len(caught.value.problems) == 4
    assert all(word in str(caught.value) for word in ("port: 'http'", "settle: '0'", "lease: 'long'", "'pase'"))


def test_a_settings_file_that_is_not_toml_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"beatline\.toml .* Mend it or move it away"):
        load_settings(home(tmp_path, "port = = 1"))


def test_secrets_stay_out_of_the_repr(tmp_path: Path) -> None:
    environment = home(tmp_path) | {
        "BEATLINE_KEY": "not-to-be-shown-" * 3,
        "BEATLINE_DATABASE_URL": "postgresql://beatline:not-to-be-shown@db.example/beatline",
    }
    settings = load_settings(environment)
    assert "not-to-be-shown" in settings.key
    assert "not-to-be-shown" not in repr(settings)


def test_every_secret_setting_is_marked_as_one() -> None:
    assert {s.name for s in TABLE if s.secret} >= {"key", "database_url"}
