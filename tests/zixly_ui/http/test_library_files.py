"""The files of streamlit-authenticator's components are served to nobody."""

from __future__ import annotations

import http.client
from pathlib import Path

import extra_streamlit_components
import pytest

from tests.support.servers.live_app import LiveApp

pytestmark = pytest.mark.slow
BUILDS = sorted(Path(extra_streamlit_components.__file__).parent.glob("*/frontend/build"))


@pytest.mark.parametrize("build", BUILDS, ids=lambda build: build.parents[1].name)
def test_a_declared_component_is_not_served(live_app: LiveApp, build: Path) -> None:
    assert (build / "index.html").exists(), "there is something to serve"
    package = build.parents[1].name
    names = {"BouncingImage": "bouncing_image", "CookieManager": "cookie_manager",
             "StepperBar": "stepper_bar", "TabBar": "tab_bar"}  # fmt: skip
    connection = http.client.HTTPConnection("localhost", live_app.port, timeout=60)
    address = f"extra_streamlit_components.{package}.{names[package]}"
    connection.request("GET", f"/component/{address}/index.html")
    assert connection.getresponse().status == 404
    connection.close()
