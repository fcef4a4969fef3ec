"""The settings of a process, read once from the environment into a frozen value.

Each setting is an environment variable, named in its `validation_alias`; unset means the default.
"""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from zixly_data.errors import NotPrepared

APP_FOLDER = Path(__file__).resolve().parent.parent
# A scheme, a host in any script, perhaps a port and a path; no user, query or fragment.
_ADDRESS = re.compile(
    r"https?://(?P<name>[\w-]+(\.[\w-]+)*\.?|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?(/[^\s?#]*)?"
)


class Settings(BaseSettings):
    """The settings that differ between installations."""

    model_config = SettingsConfigDict(
        frozen=True,
        env_ignore_empty=True,
        populate_by_name=True,
        # populate_by_name also reads each field's own name from the environment: without the
        # prefix, HOME would be the data folder.
        env_prefix="ZIXLY_",
    )

    home: Path = Field(
        default=APP_FOLDER / ".zixly",
        validation_alias=AliasChoices("ZIXLY_HOME"),
        description="The data folder: embedded PostgreSQL, generated passwords, logs.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_URL"),
        description="An administrator login to a PostgreSQL server. Unset: the embedded server.",
    )
    database_app_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_APP_URL"),
        description="The pages' own login (zixly_app), so that they never hold DATABASE_URL.",
    )
    database_auth_url: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("DATABASE_AUTH_URL"),
        description="The sign-in login (zixly_auth). Set it together with DATABASE_APP_URL.",
    )
    port: int = Field(
        default=8501,
        ge=1,
        le=65535,
        validation_alias=AliasChoices("PORT"),
        description="The port the app listens on.",
    )
    cookie_secure: bool = Field(
        default=False,
        validation_alias=AliasChoices("COOKIE_SECURE"),
        description="Send the session cookie over HTTPS only. Turn on behind TLS.",
    )
    session_idle: timedelta = Field(
        default=timedelta(hours=12),
        validation_alias=AliasChoices("SESSION_IDLE"),
        description="A session ends after this time without use (ISO 8601, such as PT12H).",
    )
    session_life: timedelta = Field(
        default=timedelta(days=14),
        validation_alias=AliasChoices("SESSION_LIFE"),
        description="A session ends after this time, used or not (ISO 8601, such as P14D).",
    )
    trusted_proxies: str = Field(
        default="",
        validation_alias=AliasChoices("TRUSTED_PROXIES"),
        description="Comma-separated addresses whose X-Forwarded-For and -Proto are trusted.",
    )
    public_url: str = Field(
        default="",
        validation_alias=AliasChoices("PUBLIC_URL"),
        description="The public address of the app: https://zixly.example.com. Links in emails "
        "begin with it, and requests for another host are refused.",
    )
    # Without a default: an operator must choose it. 32 characters cannot be guessed.
    metrics_token: SecretStr | None = Field(
        default=None,
        min_length=32,
        validation_alias=AliasChoices("METRICS_TOKEN"),
        description="The bearer token for /_stcore/metrics, at least 32 ASCII characters. Unset: "
        "programs on this machine alone, if there is no proxy.",
    )
    archive: Path | None = Field(
        default=None,
        validation_alias=AliasChoices("ZIXLY_ARCHIVE"),
        description="Folder for audit entries of deleted people. Unset: `archive` in ZIXLY_HOME.",
    )
    smtp_host: str = Field(
        default="",
        validation_alias=AliasChoices("SMTP_HOST"),
        description="The mail server. Unset: links are shown once, to copy.",
    )
    smtp_port: int = Field(
        default=587,
        ge=1,
        le=65535,
        validation_alias=AliasChoices("SMTP_PORT"),
        description="The port of the mail server.",
    )
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        validation_alias=AliasChoices("SMTP_SECURITY"),
        description="`starttls`, `tls` for implicit TLS, or `none` for a server on this machine.",
    )
    smtp_user: str = Field(
        default="",
        validation_alias=AliasChoices("SMTP_USER"),
        description="The user name for the mail server. Empty: no sign-in.",
    )
    smtp_password: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("SMTP_PASSWORD"),
        description="The password for the mail server.",
    )
    smtp_from: str = Field(
        default="",
        validation_alias=AliasChoices("SMTP_FROM"),
        description="The sender: Zixly <zixly@example.com>. Unset: zixly at the mail server.",
    )
    smtp_ca_file: str | None = Field(
        default=None,
        validation_alias=AliasChoices("SMTP_CA_FILE"),
        description="Additional trusted certificates, for your own mail server.",
    )
    pool_size: int = Field(
        default=8,
        ge=1,
        le=100,
        validation_alias=AliasChoices("DATABASE_POOL_SIZE"),
        description="Connections the pages keep open. Up to twice as many under load.",
    )
    # Two files of the largest size: one that a page reads while its successor arrives.
    upload_mb_per_person: int = Field(
        default=100,
        ge=51,
        validation_alias=AliasChoices("UPLOAD_MB_PER_PERSON"),
        description="The most MB of uploaded files that wait in memory for one person.",
    )
    # Three people at their limit. Files wait for seconds, so many more can take turns.
    upload_mb: int = Field(
        default=300,
        ge=51,
        validation_alias=AliasChoices("UPLOAD_MB"),
        description="The most MB of uploaded files that wait in memory altogether.",
    )

    connections: int = Field(
        default=512,
        ge=16,
        validation_alias=AliasChoices("CONNECTIONS"),
        # A page is fetched over six connections within seconds: 80 first visits at a time.
        description="Open connections of all who are not signed in. Fewer if descriptors are few.",
    )
    connections_per_address: int = Field(
        default=128,
        ge=16,
        validation_alias=AliasChoices("CONNECTIONS_PER_ADDRESS"),
        # Twenty people behind the address of one office, each fetching a page.
        description="Open connections of those who are not signed in, from one address.",
    )
    anonymous_windows: int = Field(
        default=200,
        ge=4,
        validation_alias=AliasChoices("ANONYMOUS_WINDOWS"),
        # More than ever sign in at the same moment; 2 MB and four descriptors each.
        description="Open windows without a session, altogether.",
    )
    anonymous_windows_per_address: int = Field(
        default=50,
        ge=4,
        validation_alias=AliasChoices("ANONYMOUS_WINDOWS_PER_ADDRESS"),
        # An office that starts its day behind one address.
        description="Open windows without a session, from one address.",
    )
    windows_per_person: int = Field(
        default=200,
        ge=4,
        validation_alias=AliasChoices("WINDOWS_PER_PERSON"),
        # More than anybody looks at, on all their devices; an idle window has about 1 MB.
        description="Open windows of one person. The oldest closes when another opens.",
    )

    @field_validator("public_url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        if url and not _is_web_address(url):
            raise PydanticCustomError("address", "It must be like https://zixly.example.com")
        return url

    @field_validator("metrics_token")
    @classmethod
    def _fits_in_a_header(cls, token: SecretStr | None) -> SecretStr | None:
        if token and not re.fullmatch(r"[!-~]+", token.get_secret_value()):
            raise PydanticCustomError("token", "It must be ASCII characters without spaces")
        return token

    def archive_folder(self) -> Path:
        """Return the folder for the audit entries of deleted people."""
        return self.archive or self.home / "archive"

    def app_url(self) -> str:
        """Return the address of the app, without a trailing slash."""
        return (self.public_url or f"http://localhost:{self.port}").rstrip("/")


def _is_web_address(url: str) -> bool:
    match = _ADDRESS.fullmatch(url)
    if match is None or (match["port"] and not 0 < int(match["port"]) < 65_536):
        return False
    try:
        # As browsers write a name in another script.
        match["name"].encode("idna")
    except UnicodeError:
        return False
    return True


@cache
def settings() -> Settings:
    """Return the settings of this process. Raises NotPrepared for an invalid value."""
    try:
        return Settings()
    except ValidationError as error:
        invalid = error.errors()[0]
        raise NotPrepared(
            f"The setting {invalid['loc'][0]} is not valid: {invalid['msg']}.",
            advice="Correct or remove it, then try again.",
        ) from None
