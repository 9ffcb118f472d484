// The page: which view is shown, and who is asking.

import { setToken, token } from "./api.js";
import { h } from "./dom.js";
import { show as ask } from "./views/ask.js";
import { show as request } from "./views/request.js";
import { show as requests } from "./views/requests.js";
import { show as system } from "./views/system.js";
import { show as verify } from "./views/verify.js";

const main = document.getElementById("main");
const views = [
  [/^\/?$/, "New request", ask],
  [/^\/requests$/, "Requests", requests],
  [/^\/requests\/([^/]+)$/, "Request", request],
  [/^\/verify$/, "Verify", verify],
  [/^\/system$/, "System", system],
];

let current = new AbortController();
let isFirst = true;

function navigate() {
  current.abort();
  current = new AbortController();
  const path = location.hash.slice(1);
  const [, title, show, match] = views
    .map(([pattern, ...view]) => [pattern, ...view, pattern.exec(path)])
    .find((view) => view[3]) ?? [null, "Nothing here", nothing, []];
  document.title = `${title} · PrimeSystem`;
  for (const link of document.querySelectorAll(".bar nav a")) {
    const target = link.hash.slice(1);
    const isHere = target === "/" ? path === "" || path === "/" : path.startsWith(target);
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const view = h("div", { class: "view" });
  main.replaceChildren(view);
  show(view, current.signal, ...match.slice(1));
  // A new page is read from its heading; the first one from the top.
  if (!isFirst) {
    window.scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
  isFirst = false;
}

function nothing(view) {
  view.append(h("h1", {}, "There is nothing here"), h("p", {}, h("a", { href: "#/" }, "Ask for primes"), " instead."));
}

/** Asks for a token where the service wants one, and shows the view again with it. */
function signIn() {
  if (main.querySelector(".sign-in")) return;
  current.abort();
  const field = h("input", { id: "token", type: "password", autocomplete: "off", spellcheck: false, required: true, "aria-describedby": "token-hint" });
  const form = h("form", { class: "card sign-in", onsubmit: (event) => {
    event.preventDefault();
    setToken(field.value.trim());
    navigate();
  } },
  h("h1", {}, "Who is asking?"),
  h("p", { id: "token-hint" }, token()
    ? "The service did not accept the token: it may have expired. Paste a new one."
    : "This service wants a bearer token. Paste yours; it stays in this tab and is forgotten when you close it."),
  h("label", { htmlFor: "token" }, "Token"), field,
  h("div", { class: "actions" }, h("button", { class: "primary" }, "Continue")));
  setToken(null);
  main.replaceChildren(h("div", { class: "view" }, form));
  field.focus();
}

window.addEventListener("hashchange", navigate);
window.addEventListener("unauthorized", signIn);
navigate();
