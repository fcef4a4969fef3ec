// Hands what stands behind the # of a link to our own route, in the body of a form: no server and
// no proxy on the way ever sees it in an address, and the history forgets it.
function open_link() {
  const found = /^#(invitation|password|set-up)=([A-Za-z0-9_-]{20,128})$/.exec(window.location.hash);
  if (!found) {
    document.getElementById("opening").hidden = true;
    document.getElementById("incomplete").hidden = false;
    return;
  }
  window.history.replaceState(null, "", window.location.pathname);
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/link/open";
  for (const [name, value] of [["kind", found[1]], ["token", found[2]]]) {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}
window.addEventListener("hashchange", open_link);
open_link();
