// The list of requests, newest first.

import { call } from "../api.js";
import { alertBox, announce, every, h } from "../dom.js";
import { ago, count, counted } from "../format.js";
import { badge, isOpen } from "../parts.js";

const PageSize = 20;
const Statuses = ["pending", "processing", "completed", "failed", "cancelled"];

export function show(view, signal, _, query) {
  /** The cursors of the pages up to this one. */
  let cursors = [null];
  let next = null;

  const filter = h("select", { id: "status", onchange: () => {
    cursors = [null];
    // The address names what is shown, so that it can be kept and sent; the view and its focus stay.
    history.replaceState(null, "", filter.value ? `#/requests?status=${filter.value}` : "#/requests");
    load();
  } }, h("option", { value: "" }, "All"), Statuses.map((status) => h("option", { value: status }, status)));
  filter.value = Statuses.includes(query.get("status")) ? query.get("status") : "";
  const trouble = h("div", { class: "trouble" });
  const rows = h("ul", { class: "requests" });
  const empty = h("p", { class: "empty", hidden: true });
  const older = h("button", { type: "button", onclick: () => turn(() => cursors.push(next)) }, "Older");
  const newer = h("button", { type: "button", onclick: () => turn(() => cursors.pop()) }, "Newer");
  view.append(
    h("div", { class: "row" }, h("h1", {}, "Requests"), h("div", { class: "filter" }, h("label", { htmlFor: "status" }, "Show"), filter)),
    trouble, rows, empty, h("nav", { class: "pager", "aria-label": "Pages of requests" }, newer, older));

  let loading = 0;
  const load = async () => {
    const turnNumber = ++loading;
    const query = new URLSearchParams({ limit: PageSize });
    if (filter.value) query.set("status", filter.value);
    if (cursors.at(-1)) query.set("cursor", cursors.at(-1));
    try {
      const page = await call(`/api/requests?${query}`, { signal });
      if (turnNumber !== loading) return;
      trouble.replaceChildren();
      draw(page);
    } catch (error) {
      if (error.name !== "AbortError" && !signal.aborted) trouble.replaceChildren(alertBox(error));
    }
  };

  const turn = async (step) => {
    step();
    await load();
    announce(`Page ${cursors.length}`);
    window.scrollTo(0, 0);
  };

  const draw = (page) => {
    next = page.next_cursor ?? null;
    older.hidden = next === null;
    newer.hidden = cursors.length === 1;
    empty.hidden = page.requests.length > 0;
    empty.replaceChildren(filter.value ? `There are no ${filter.value} requests.` : "There are no requests yet. ",
      filter.value ? "" : h("a", { href: "#/" }, "Create the first one."));
    // Existing rows are updated in place, so that the focus stays where it is.
    const known = new Map([...rows.children].map((row) => [row.dataset.id, row]));
    rows.replaceChildren(...page.requests.map((request) => {
      const row = known.get(request.request_id) ?? makeRow(request);
      row.update(request);
      return row;
    }));
  };

  const makeRow = ({ request_id: id, quantity, digits, created_at: created }) => {
    const status = h("span", {});
    const bar = h("progress", { max: quantity, "aria-label": "Primes found" });
    const found = h("span", { class: "found" });
    const when = h("span", { class: "when" });
    const cancel = h("button", { type: "button", class: "quiet", "aria-label": `Cancel ${count(quantity)} × ${counted(digits, "digit")}`, onclick: async () => {
      cancel.disabled = true;
      try {
        row.update(await call(`/api/requests/${id}`, { method: "DELETE" }));
        announce("Cancelled");
        row.querySelector("a").focus();
      } catch (error) {
        cancel.disabled = false;
        trouble.replaceChildren(alertBox(error));
      }
    } }, "Cancel");
    const row = h("li", {},
      h("a", { href: `#/requests/${id}`, class: "what" }, `${count(quantity)} × ${counted(digits, "digit")}`),
      status, bar, found, when, cancel);
    row.dataset.id = id;
    row.update = (request) => {
      if (status.textContent !== request.status) status.replaceChildren(badge(request.status));
      bar.value = request.generated_count;
      bar.classList.toggle("still", request.status === "cancelled" || request.status === "failed");
      found.textContent = request.generated_count === quantity ? "all found" : `${count(request.generated_count)} found`;
      when.textContent = ago(created);
      cancel.hidden = !isOpen(request.status);
    };
    return row;
  };

  every(3000, signal, load);
}
