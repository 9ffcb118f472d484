// One request: its progress and its primes.

import { call, download } from "../api.js";
import { alertBox, announce, copy, h } from "../dom.js";
import { ago, count, counted, duration, rate, shortened } from "../format.js";
import { badge, figure, isOpen } from "../parts.js";
import { watch } from "../stream.js";

/** How many primes the page shows: the latest ones. The files contain all. */
const Shown = 100;
/** The rate is averaged over this time, since primes arrive in batches. */
const RateSeconds = 15;
const Formats = [["Text", "text/plain", "txt"], ["CSV", "text/csv", "csv"], ["JSON", "application/json", "json"], ["NDJSON", "application/x-ndjson", "ndjson"]];

export async function show(view, signal, id) {
  let request;
  try {
    request = await call(`/api/status/${encodeURIComponent(id)}`, { signal });
  } catch (error) {
    if (error.name === "AbortError" || signal.aborted) return;
    view.append(h("h1", {}, "Request"), alertBox(error), h("p", {}, h("a", { href: "#/requests" }, "All requests")));
    return;
  }

  const what = `${count(request.quantity)} ${request.quantity === 1 ? "prime" : "primes"} of ${counted(request.digits, "digit")}`;
  document.title = `${what} · PrimeSystem`;
  const status = h("span", { class: "status" });
  const bar = h("progress", { max: request.quantity, value: 0, "aria-label": "Primes found" });
  const found = figure("Found");
  const pace = figure("Primes per second");
  const left = figure("Time left");
  const link = h("p", { class: "link", role: "status" });
  const trouble = h("div", { class: "trouble" });
  const list = h("ol", { class: "primes", reversed: true });
  const more = h("p", { class: "note" });
  const heading = h("h2", { id: "primes" }, "Primes");
  const section = h("section", { "aria-labelledby": "primes", hidden: true },
    h("div", { class: "row" }, heading, h("button", { type: "button", class: "quiet", onclick: ({ currentTarget }) => copy(currentTarget, latest.map((prime) => prime.value).join("\n")) }, "Copy all shown")),
    more, list);
  const cancel = h("button", { type: "button", onclick: stop }, "Cancel");
  const again = h("a", { class: "button", href: `#/?quantity=${request.quantity}&digits=${request.digits}` }, "Ask again");
  const remove = h("button", { type: "button", onclick: discard }, "Delete");
  const files = h("div", { class: "files", role: "group", "aria-label": "Download all primes" }, h("span", { "aria-hidden": "true" }, "Download"),
    Formats.map(([name, accept, extension]) => h("button", {
      type: "button", "aria-label": `Download ${name}`, onclick: ({ currentTarget }) => save(currentTarget, accept, extension),
    }, name)));

  view.append(
    h("p", { class: "crumb" }, h("a", { href: "#/requests" }, "Requests")),
    h("div", { class: "row" }, h("h1", {}, what), status),
    h("div", { class: "card running" }, bar, h("dl", { class: "figures" }, found.element, pace.element, left.element), link, trouble,
      h("div", { class: "actions" }, files, h("div", { class: "commands" }, again, remove, cancel))),
    section,
    h("p", { class: "note id" }, "Request ", h("code", {}, id), ` · created ${ago(request.created_at)}`));

  const latest = [];
  const samples = [];
  let announcedQuarter = 0;
  let estimate = null;
  let isDeleted = false;
  let first = true;
  let drawing = 0;

  const draw = () => {
    drawing = 0;
    status.replaceChildren(badge(request.status));
    // A single prime has no progress: its search has no memory, and the bar says only that it goes on.
    if (request.quantity === 1 && request.status === "processing") bar.removeAttribute("value");
    else bar.value = request.generated_count;
    bar.classList.toggle("still", request.status === "cancelled" || request.status === "failed");
    found.set(count(request.generated_count), request.generated_count === request.quantity ? "Found (all)" : `Found of ${count(request.quantity)}`);
    const open = isOpen(request.status);
    const perSecond = open ? speed() : 0;
    pace.set(open ? (perSecond ? rate(perSecond) : "–") : overall());
    if (open && request.quantity === 1) {
      pace.set(estimate === null ? "–" : `about ${duration(estimate)}`, "Expected, on average");
      left.set(duration((Date.now() - new Date(request.created_at)) / 1000), "Time gone");
    } else if (request.quantity === 1) {
      pace.set(overall(), "Primes per second");
    }
    if (!open) left.set(took() < 1 ? "under 1 second" : duration(took()), "Time taken");
    else if (request.quantity > 1) left.set(perSecond ? duration((request.quantity - request.generated_count) / perSecond) : request.status === "pending" ? "waiting" : "searching");
    cancel.hidden = !open;
    remove.hidden = open || isDeleted;
    again.hidden = open;
    files.hidden = request.generated_count === 0;
    section.hidden = latest.length === 0;
    more.textContent = request.generated_count > latest.length
      ? `These are the latest ${count(latest.length)}. The files contain all ${count(request.generated_count)}.` : "";
    heading.textContent = request.generated_count === 1 ? "Prime" : "Primes";
    if (request.failure) trouble.replaceChildren(alertBox({ title: "The request failed.", detail: request.failure }));
    drawPrimes();
  };

  /** Adds rows for new primes and removes the oldest rows, so that the page never holds more than it shows. */
  const drawPrimes = () => {
    const top = Number(list.firstElementChild?.dataset.position ?? -1);
    for (const prime of latest) {
      if (prime.position > top) list.prepend(primeRow(prime));
    }
    while (list.childElementCount > Shown) list.lastElementChild.remove();
  };

  const redraw = () => { drawing ||= requestAnimationFrame(draw); };
  signal.addEventListener("abort", () => cancelAnimationFrame(drawing));

  const speed = () => {
    const now = performance.now() / 1000;
    while (samples.length > 2 && now - samples[0].at > RateSeconds) samples.shift();
    if (samples.length < 2) return 0;
    const elapsed = Math.max(now, samples.at(-1).at) - samples[0].at;
    return elapsed > 0.5 ? (samples.at(-1).count - samples[0].count) / elapsed : 0;
  };

  const took = () => (new Date(request.updated_at) - new Date(request.created_at)) / 1000;

  const overall = () => request.generated_count && took() > 0 ? rate(request.generated_count / took()) : "–";

  const milestones = () => {
    const quarter = Math.floor(request.progress_percentage / 25);
    if (quarter > announcedQuarter && isOpen(request.status)) announce(`${quarter * 25} percent found`);
    announcedQuarter = Math.max(announcedQuarter, quarter);
  };

  const onevent = (event) => {
    if (event.type === "primes") {
      const { first: position, prime_numbers: values } = event;
      latest.push(...values.slice(-Shown).map((value, i) => ({ value, position: position + Math.max(0, values.length - Shown) + i })));
      latest.splice(0, latest.length - Shown);
    } else {
      const { type, position, ...news } = event;
      request = { ...request, ...news };
      samples.push({ at: performance.now() / 1000, count: request.generated_count });
      if (type === "snapshot" && first) announcedQuarter = Math.floor(request.progress_percentage / 25);
      first = false;
      milestones();
      if (type === "end") announce(`The request is ${request.status}: ${counted(request.generated_count, "prime")} found`);
    }
    redraw();
  };

  const onstate = (state) => {
    link.className = `link ${state}`;
    link.textContent = {
      live: "Live", waiting: "Connection lost. Reconnecting…", ended: "", deleted: "The request was deleted.",
    }[state];
    isDeleted ||= state === "deleted";
    if (state === "ended" || state === "deleted") cancel.hidden = true;
    redraw();
  };

  async function stop() {
    cancel.disabled = true;
    trouble.replaceChildren();
    try {
      request = { ...request, ...await call(`/api/requests/${id}`, { method: "DELETE" }) };
      view.querySelector("h1").focus();
    } catch (error) {
      trouble.replaceChildren(alertBox(error));
    }
    cancel.disabled = false;
    redraw();
  }

  async function discard() {
    if (!confirm(`Delete the request and its ${counted(request.generated_count, "prime")}? This cannot be undone.`)) return;
    remove.disabled = true;
    try {
      await call(`/api/requests/${id}?purge=true`, { method: "DELETE" });
      announce("The request was deleted");
      location.hash = "#/requests";
    } catch (error) {
      remove.disabled = false;
      trouble.replaceChildren(alertBox(error));
    }
  }

  async function save(button, accept, extension) {
    button.disabled = true;
    trouble.replaceChildren();
    try {
      await download(id, accept, extension);
    } catch (error) {
      trouble.replaceChildren(alertBox(error));
    }
    button.disabled = false;
    button.focus();
  }

  view.querySelector("h1").tabIndex = -1;
  draw();
  if (request.quantity === 1 && isOpen(request.status)) {
    call(`/api/estimate?quantity=1&digits=${request.digits}`, { signal }).then((answer) => {
      estimate = answer.seconds ?? null;
      redraw();
    }, () => {});
  }
  // Times change between events too.
  const clock = setInterval(() => isOpen(request.status) && redraw(), 1000);
  signal.addEventListener("abort", () => clearInterval(clock));
  // Only the primes to be shown are requested.
  watch(id, { after: Math.max(0, request.generated_count - Shown), onevent, onstate, signal });
}

/** A row with a prime. A long prime is shortened until the row is expanded. */
function primeRow({ value, position }) {
  const short = shortened(value);
  const digits = h("code", {}, short);
  const open = short === value ? null : h("button", { type: "button", class: "quiet", "aria-expanded": "false", onclick: ({ currentTarget }) => {
    const whole = currentTarget.getAttribute("aria-expanded") === "false";
    currentTarget.setAttribute("aria-expanded", String(whole));
    currentTarget.textContent = whole ? "Collapse" : "Expand";
    digits.textContent = whole ? value : short;
    digits.classList.toggle("whole", whole);
    // It scrolls, so it must be reachable by keyboard.
    if (whole) digits.tabIndex = 0;
    else digits.removeAttribute("tabindex");
  } }, "Expand");
  const row = h("li", { value: position + 1 },
    h("span", { class: "position", "aria-hidden": "true" }, count(position + 1)), digits,
    h("span", { class: "tools" }, open, h("button", {
      type: "button", class: "quiet", "aria-label": `Copy prime ${count(position + 1)}`, onclick: ({ currentTarget }) => copy(currentTarget, value),
    }, "Copy")));
  row.dataset.position = position;
  return row;
}
