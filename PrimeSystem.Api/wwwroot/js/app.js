// The page: shows the view that belongs to the address, and asks for a token when the service needs one.

import { setToken, token } from "./api.js";
import { h } from "./dom.js";
import { show as newRequest } from "./views/new-request.js";
import { show as request } from "./views/request.js";
import { show as requests } from "./views/requests.js";
import { show as system } from "./views/system.js";
import { show as verify } from "./views/verify.js";

const main = document.getElementById("main");
const views = [
  [/^\/?()$/, "New request", newRequest],
  [/^\/requests()$/, "Requests", requests],
  [/^\/requests\/([^/]+)$/, "Request", request],
  [/^\/verify$/, "Verify", verify],
  [/^\/system$/, "System", system],
];

let current = new AbortController();
let isFirst = true;

function navigate() {
  current.abort();
  current = new AbortController();
  const [path, search = ""] = location.hash.slice(1).split("?");
  const [, title, show, match] = views
    .map(([pattern, ...view]) => [pattern, ...view, pattern.exec(path)])
    .find((view) => view[3]) ?? [null, "Not found", notFound, []];
  document.title = `${title} · PrimeSystem`;
  for (const link of document.querySelectorAll(".bar nav a")) {
    const target = link.hash.slice(1);
    const isHere = target === "/" ? path === "" || path === "/" : path.startsWith(target);
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const view = h("div", { class: "view" });
  main.replaceChildren(view);
  show(view, current.signal, match[1], new URLSearchParams(search));
  // A screen reader starts at the new view; on the first view, at the top of the page.
  if (!isFirst) {
    window.scrollTo(0, 0);
    main.focus({ preventScroll: true });
  }
  isFirst = false;
}

function notFound(view) {
  view.append(h("h1", {}, "Page not found"), h("p", {}, h("a", { href: "#/" }, "Request primes")));
}

/** Asks for a token and shows the current view again with it. */
function signIn() {
  if (main.querySelector(".sign-in")) return;
  current.abort();
  const field = h("input", { id: "token", type: "password", autocomplete: "off", spellcheck: false, required: true, "aria-describedby": "token-hint" });
  const form = h("form", { class: "card sign-in", onsubmit: (event) => {
    event.preventDefault();
    setToken(field.value.trim());
    navigate();
  } },
  h("h1", {}, "Sign in"),
  h("p", { id: "token-hint" }, token()
    ? "The service did not accept the token. It may have expired. Paste a new one."
    : "This service needs a bearer token. Paste yours. The page keeps it until you close this tab."),
  h("label", { htmlFor: "token" }, "Token"), field,
  h("div", { class: "actions" }, h("button", { class: "primary" }, "Continue")));
  setToken(null);
  main.replaceChildren(h("div", { class: "view" }, form));
  field.focus();
}

window.addEventListener("hashchange", navigate);
window.addEventListener("unauthorized", signIn);
navigate();
