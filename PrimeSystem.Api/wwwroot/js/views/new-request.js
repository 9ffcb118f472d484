// The form for a new request, with an estimate of its time.

import { call } from "../api.js";
import { alertBox, announce, every, h } from "../dom.js";
import { ago, count, counted, duration, rate } from "../format.js";
import { badge } from "../parts.js";

const Presets = [[10, 100], [1000, 20], [100, 309], [1, 2000]];
const EstimateDelay = 250;

export function show(view, signal, _, query) {
  const fields = {
    quantity: numberField("quantity", "How many", query.get("quantity") ?? 10, 1),
    digits: numberField("digits", "Digits of each", query.get("digits") ?? 100, 12),
  };
  const estimate = h("p", { class: "estimate", role: "status" }, "…");
  const button = h("button", { class: "primary" }, "Find primes");
  const trouble = h("div", { class: "trouble" });
  const recent = h("section", { "aria-labelledby": "recent", hidden: true });
  const state = h("p", { class: "pulse" });
  const presets = h("div", { class: "presets", role: "group", "aria-label": "Examples" }, Presets.map(([quantity, digits]) =>
    h("button", { type: "button", onclick: () => {
      fields.quantity.input.value = quantity;
      fields.digits.input.value = digits;
      showEstimate();
    } }, `${count(quantity)} × ${counted(digits, "digit")}`)));

  const form = h("form", { class: "card ask", noValidate: true, onsubmit: (event) => {
    event.preventDefault();
    submit();
  } },
  h("div", { class: "fields" }, fields.quantity.element, fields.digits.element), presets, estimate, trouble,
  h("div", { class: "actions" }, button));
  view.append(
    h("h1", { class: "hero" }, "Large primes,", h("br"), "freshly found."),
    h("p", { class: "lead" }, "Choose how many primes, and how many digits. Each prime is random, distinct and tested. Watch them being found."),
    form, state, recent);

  const values = () => ({ quantity: wholeNumber(fields.quantity.input), digits: wholeNumber(fields.digits.input) });

  const showErrors = (errors) => {
    for (const [name, field] of Object.entries(fields)) field.showError(errors[name] && explain(field, errors[name][0]));
  };

  /** An error of the API in the words of the form. A quantity that is too much work comes with the largest one that fits. */
  const explain = (field, message) => {
    const text = message.replace(new RegExp(`^${field.input.name} `), `${field.label} `).replace(/\d{4,}/g, (digits) => count(Number(digits)));
    const most = /must be at most (\d+) at /.exec(message)?.[1];
    if (!(most > 0)) return [text];
    return [text, " ", h("button", { type: "button", class: "quiet", onclick: () => {
      field.input.value = most;
      field.input.focus();
      showEstimate();
    } }, `Use ${count(Number(most))}`)];
  };

  let estimating = new AbortController();
  let timer;
  const showEstimate = () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      estimating.abort();
      estimating = new AbortController();
      const { quantity, digits } = values();
      try {
        const query = new URLSearchParams({ quantity: quantity ?? "", digits: digits ?? "" });
        const answer = await call(`/api/estimate?${query}`, { signal: estimating.signal });
        showErrors({});
        estimate.textContent = answer.seconds === undefined
          ? "No worker is running. The request waits until one starts."
          : `Takes ${answer.seconds < 1 ? "" : "about "}${duration(answer.seconds)} with ${counted(answer.workers, "worker")} on ${counted(answer.cores, "core")}.`;
      } catch (error) {
        if (error.name === "AbortError" || signal.aborted) return;
        showErrors(error.errors ?? {});
        estimate.textContent = error.status === 400 ? "" : [error.title, error.detail].filter(Boolean).join(" ");
      }
    }, EstimateDelay);
  };

  const submit = async () => {
    button.disabled = true;
    trouble.replaceChildren();
    try {
      const answer = await call("/api/new", { method: "POST", body: values() });
      announce(answer.message);
      location.hash = `#/requests/${answer.request_id}`;
    } catch (error) {
      button.disabled = false;
      const errors = error.errors ?? {};
      showErrors(errors);
      const wrong = Object.keys(fields).find((name) => errors[name]);
      if (wrong) fields[wrong].input.focus();
      else trouble.replaceChildren(alertBox(error));
    }
  };

  for (const { input } of Object.values(fields)) input.addEventListener("input", showEstimate);
  signal.addEventListener("abort", () => clearTimeout(timer));

  call("/api/limits", { signal }).then((limits) => {
    fields.quantity.limit(1, limits.max_quantity);
    fields.digits.limit(limits.min_digits, limits.max_digits);
  }, () => {});
  showEstimate();
  every(4000, signal, async () => {
    try {
      const [system, list] = await Promise.all([call("/api/system", { signal }), call("/api/requests?limit=5", { signal })]);
      state.replaceChildren(
        `${counted(system.workers.length, "worker")} · ${rate(system.primes_per_second)} primes per second · ${
          counted(system.requests.pending + system.requests.processing, "open request")}`);
      recent.hidden = list.requests.length === 0;
      recent.replaceChildren(h("h2", { id: "recent" }, "Recent requests"), h("ul", { class: "recent" }, list.requests.map((request) =>
        h("li", {}, h("a", { href: `#/requests/${request.request_id}` },
          h("span", { class: "what" }, `${count(request.quantity)} × ${counted(request.digits, "digit")}`),
          badge(request.status), h("span", { class: "when" }, ago(request.created_at)))))));
    } catch {
      // The form reports errors itself.
    }
  });
}

/** A field for a whole number, with its limits and its error. */
function numberField(name, label, value, min) {
  const hint = h("span", { class: "hint", id: `${name}-hint` });
  const error = h("span", { class: "error", id: `${name}-error` });
  const input = h("input", {
    id: name, name, type: "number", inputMode: "numeric", value, min, step: 1, required: true, "aria-describedby": `${name}-hint ${name}-error`,
  });
  return {
    input,
    label,
    element: h("div", { class: "field" }, h("label", { htmlFor: name }, label), input, hint, error),
    limit(least, most) {
      input.min = least;
      input.max = most;
      hint.textContent = `${count(least)} to ${count(most)}`;
    },
    showError(message) {
      error.replaceChildren(...message ?? []);
      if (message) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    },
  };
}

/** The value of a field; null when it is not a whole number, so that the API reports the rule. */
function wholeNumber(input) {
  const value = input.value.trim();
  return /^-?\d{1,15}$/.test(value) ? Number(value) : null;
}
