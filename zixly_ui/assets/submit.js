// Submits the hidden form of a page to one of our own routes as a real navigation, so that the
// response can set or clear the HttpOnly session cookie. The ticket is in the body and never in an
// address, a history entry or a log.
for (const form of document.querySelectorAll("form[data-zixly-send]")) {
  form.removeAttribute("data-zixly-send");
  const next = form.querySelector("input[name=next]");
  if (next && !next.value) {
    next.value = window.location.pathname + window.location.search;
  }
  form.submit();
}
