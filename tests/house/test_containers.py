"""The image and `compose.yaml`: what is pulled, who holds which password, what each may take."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import yaml

from zixly_data.settings import Settings

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
DEPENDABOT = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())
DIGEST = re.compile(r"[\w/.-]+:[\w.-]+@sha256:[0-9a-f]{64}")
every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES.keys())


def images(dockerfile: str, services: dict[str, dict[str, Any]]) -> list[str]:
    """The images that are pulled: those of the Dockerfile and those a service does not build."""
    bases = re.findall(r"^(?:FROM|COPY --from=)\s*(\S+)", dockerfile, re.M)
    return bases + [service["image"] for service in services.values() if "image" in service]


def unpinned(names: list[str]) -> list[str]:
    return [name for name in names if not DIGEST.fullmatch(name)]


def test_every_image_is_pinned_by_tag_and_digest() -> None:
    assert len(images(DOCKERFILE, SERVICES)) == 2
    assert unpinned(images(DOCKERFILE, SERVICES)) == []
    assert unpinned(images("FROM python:3.11-slim\n", {"a": {"image": "postgres:17"}})) == [
        "python:3.11-slim",
        "postgres:17",
    ]


def test_images_and_actions_are_renewed() -> None:
    renewed = {update["package-ecosystem"] for update in DEPENDABOT["updates"]}
    assert renewed == {"docker", "docker-compose", "github-actions"}


def secrets_in(service: dict[str, Any]) -> set[str]:
    """The passwords of the database that a service is given."""
    return set(re.findall(r"\$\{(\w+_PASSWORD)", str(service))) - {"SMTP_PASSWORD"}


def test_only_prepare_has_the_administrator_s_password() -> None:
    assert secrets_in(SERVICES["database"]) == {"POSTGRES_PASSWORD"}
    assert secrets_in(SERVICES["prepare"]) == {"POSTGRES_PASSWORD", "APP_PASSWORD", "AUTH_PASSWORD"}
    assert secrets_in(SERVICES["app"]) == {"APP_PASSWORD", "AUTH_PASSWORD"}
    assert "DATABASE_URL" in SERVICES["prepare"]["environment"]
    assert "DATABASE_URL" not in SERVICES["app"]["environment"]
    assert "env_file" not in SERVICES["app"], "it would hold every password"


def test_the_app_has_the_logins_that_prepare_makes() -> None:
    app, prepare = (SERVICES[name]["environment"] for name in ("app", "prepare"))
    assert app.items() <= prepare.items()
    users = {name: sa.make_url(app[name].split("$")[0] + "x@h/z").username for name in app
             if name.startswith("DATABASE_")}  # fmt: skip
    assert users == {"DATABASE_APP_URL": "zixly_app", "DATABASE_AUTH_URL": "zixly_auth"}


def test_the_app_starts_once_prepare_has_succeeded() -> None:
    assert SERVICES["prepare"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert SERVICES["app"]["depends_on"] == {
        "prepare": {"condition": "service_completed_successfully"}
    }
    assert SERVICES["prepare"]["restart"] == "no"
    assert SERVICES["prepare"]["command"] == ["python", "-m", "zixly_data", "prepare"]
    assert "ports" not in SERVICES["prepare"]


def test_each_environment_names_settings() -> None:
    aliases = {
        str(choice)
        for field in Settings.model_fields.values()
        for choice in getattr(field.validation_alias, "choices", ())
    }
    named = SERVICES["prepare"]["environment"].keys()
    assert len(named) > 8
    assert named - aliases == set()


@every_service
def test_each_service_may_write_its_volumes_only_and_has_no_rights(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "cap_add" not in service
    assert "privileged" not in service
    assert service.get("user", "zixly" if "build" in service else "root") != "root"


@every_service
def test_each_service_has_limits(service: dict[str, Any]) -> None:
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert 100 < service["pids_limit"] < 10_000
    assert service["logging"]["driver"] == "json-file"
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}
    files = service["ulimits"]["nofile"]
    assert files["soft"] == files["hard"] > 1024


def test_each_limit_has_a_reason_beside_it() -> None:
    lines = (ROOT / "compose.yaml").read_text().splitlines()
    limits = [
        number
        for number, line in enumerate(lines)
        if re.match(r" *(mem_limit|pids_limit|shm_size|ulimits|logging|stop_grace_period):", line)
    ]
    assert len(limits) >= 10
    bare = [lines[number] for number in limits if "#" not in lines[number - 1]]
    # The reasons of `prepare` stand beside its memory.
    assert [line.strip() for line in bare] == ["pids_limit: 128", "ulimits:"]


def test_the_database_cannot_reach_out_and_is_not_published() -> None:
    assert SERVICES["database"]["networks"] == ["database"]
    assert COMPOSE["networks"]["database"] == {"internal": True}
    assert "ports" not in SERVICES["database"]
    assert SERVICES["app"]["ports"] == ["127.0.0.1:8501:8501"]


def test_docker_asks_whether_the_app_and_its_database_answer() -> None:
    (asked,) = re.findall(r"^HEALTHCHECK (.*)\\\n  CMD (.*)", DOCKERFILE, re.M)
    check = SERVICES["app"]["healthcheck"]
    assert yaml.safe_load(asked[1]) == check["test"][1:]
    assert "'/healthz'" in asked[1]
    options = dict(option[2:].split("=") for option in shlex.split(asked[0]))
    assert options == {
        name.replace("_", "-"): str(value) for name, value in check.items() if name != "test"
    }
    assert SERVICES["prepare"]["healthcheck"] == {"disable": True}
