// The element on the page that takes blocks from paste.js, and sends them to the script.
export default function listen({ parentElement, setTriggerValue }) {
  const place = parentElement.querySelector("[data-zixly-pastes]");
  const send = (event) => setTriggerValue("pasted", event.detail);
  place.addEventListener("zixly-paste", send);
  return () => place.removeEventListener("zixly-paste", send);
}
