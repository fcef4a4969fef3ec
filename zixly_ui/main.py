"""The main script: runs first at every rerun, identifies the person and shows one page.

It must not stand beside a `pages/` folder: Streamlit would discover that folder by itself and serve
its pages to anybody until the first `st.navigation`.
"""

from __future__ import annotations

import streamlit as st

from zixly_data.errors import DatabaseUnavailable, SecondFactorNeeded, SessionEnded
from zixly_ui.account import second_factor_setup, second_factor_step
from zixly_ui.account.sign_in import show_sign_in
from zixly_ui.shell import url_state
from zixly_ui.shell.assets import ASSETS
from zixly_ui.shell.errors import handle_errors
from zixly_ui.shell.navigation import is_open_to_all, navigation
from zixly_ui.shell.retrying import retry, run_page
from zixly_ui.shell.session import current_identity, current_secret, identity_of_this_run
from zixly_ui.sidebar import show_frame


def main() -> None:
    st.set_page_config("Zixly", page_icon=str(ASSETS / "mark.svg"), layout="wide")
    notice = None
    try:
        identity = retry(current_identity)
    except SessionEnded:
        identity, notice = None, "Your session has ended. Sign in again."
    except SecondFactorNeeded:
        navigation(None)
        second_factor_setup.show_required(current_secret() or "")
        return
    except DatabaseUnavailable:
        navigation(None)
        raise
    page = navigation(identity.role if identity else None)
    if identity is None:
        if is_open_to_all(page) and not second_factor_step.is_waiting():
            page.run()
        else:
            show_sign_in(notice)
        return
    show_frame(identity)
    if second_factor_setup.are_codes_unseen():
        second_factor_setup.show_codes()
        return
    url_state.enter_page(page.url_path)
    with identity_of_this_run(identity):
        run_page(page.run, current_identity)


with handle_errors():
    main()
