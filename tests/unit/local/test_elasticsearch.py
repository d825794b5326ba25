import zipfile
from pathlib import Path

import yaml

from services.local.elasticsearch import jvm_options, prepare, settings, unpack
from services.local.places import Home
from services.local.ports import Ports

PORTS = Ports(1001, 1002, 1003)


def test_the_configuration_is_yaml_also_for_a_home_with_a_chinese_name_and_blanks() -> None:
    place = Path("/srv/报纸: 一 号 # 'x'")
    rendered = yaml.safe_load(settings(place, PORTS))
    assert rendered["path.data"] == str(place / "data")
    assert rendered["http.port"] == 1003
    assert rendered["network.host"] == "127.0.0.1"


def test_no_index_comes_into_being_by_a_slip_in_a_name() -> None:
    assert yaml.safe_load(settings(Path("/srv"), PORTS))["action.auto_create_index"] is False


def test_the_java_options_name_the_heap_and_no_module_that_the_runtime_lacks() -> None:
    rendered = jvm_options(Path("/srv"), "512m")
    assert "-Xmx512m\n" in rendered
    assert "jdk.incubator.vector" not in rendered


def test_the_distribution_is_unpacked_once_and_everybody_may_read_it(tmp_path: Path) -> None:
    archive = tmp_path / "elasticsearch-9.zip"
    with zipfile.ZipFile(archive, "w") as content:
        content.writestr("elasticsearch-9/lib/server.jar", "code")
    distribution = unpack(archive, tmp_path / "cache", None)
    archive.unlink()
    assert unpack(archive, tmp_path / "cache", None) == distribution
    assert (distribution / "lib" / "server.jar").stat().st_mode & 0o777 == 0o644
    assert (distribution / "lib").stat().st_mode & 0o555 == 0o555


def test_the_command_needs_no_shell_and_gets_nothing_of_our_environment(tmp_path: Path) -> None:
    home = Home(tmp_path)
    command = prepare(home, PORTS, java=Path("/java"), distribution=Path("/es"), heap="512m", user=None)
    assert command.arguments[0] == "/java/bin/java"
    assert command.arguments[-1] == "org.elasticsearch.launcher.CliToolLauncher"
    assert set(command.environment) == {"PATH", "LC_ALL", "HOME", "ES_JAVA_HOME", "ES_PATH_CONF", "ES_TMPDIR"}
    assert command.log == tmp_path / "logs" / "elasticsearch.log"
