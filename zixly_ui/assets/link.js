// Posts the part of a link after the # to our own route, in the body of a form: no server or proxy
// ever receives it in an address, and it is removed from the history.
function open_link() {
  const match = /^#(invitation|password|set-up)=([A-Za-z0-9_-]{20,128})$/.exec(window.location.hash);
  if (!match) {
    document.getElementById("opening").hidden = true;
    document.getElementById("incomplete").hidden = false;
    return;
  }
  window.history.replaceState(null, "", window.location.pathname);
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/link/open";
  for (const [name, value] of [["kind", match[1]], ["token", match[2]]]) {
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
