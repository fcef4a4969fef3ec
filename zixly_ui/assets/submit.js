// Sends the hidden form of a page to one of our own routes as a real navigation, so that the
// answer can set or clear the HttpOnly session cookie. The ticket travels in the body: it never
// stands in an address, a history entry or a log.
for (const form of document.querySelectorAll("form[data-zixly-send]")) {
  form.removeAttribute("data-zixly-send");
  const next = form.querySelector("input[name=next]");
  if (next && !next.value) {
    next.value = window.location.pathname + window.location.search;
  }
  form.submit();
}
