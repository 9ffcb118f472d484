// The state of the system: workers, queue and throughput.

import { call } from "../api.js";
import { chart } from "../chart.js";
import { alertBox, every, h } from "../dom.js";
import { ago, count, rate } from "../format.js";
import { figure } from "../parts.js";

const Samples = 150;
const Minutes = 5;

export function show(view, signal) {
  const speed = figure("Primes per second");
  const queue = figure("Batches in the queue");
  const busy = figure("Busy consumers");
  const open = figure("Open requests");
  const trouble = h("div", { class: "trouble" });
  const throughput = chart({ label: "Primes per second", format: rate, minutes: Minutes });
  const depth = chart({ label: "Batches in the queue", format: (n) => count(Math.round(n)), minutes: Minutes });
  const rows = h("tbody");
  const none = h("p", { class: "empty", hidden: true }, "No worker is running. Requests wait in the database until one starts.");
  const table = h("table", {},
    h("caption", { class: "hidden" }, "Workers"),
    h("thead", {}, h("tr", {}, ["Worker", "Busy", "Primes per second", "Started", "Last report"].map((name) => h("th", { scope: "col" }, name)))), rows);
  view.append(
    h("h1", {}, "System"), trouble,
    h("dl", { class: "figures card" }, speed.element, queue.element, busy.element, open.element),
    h("div", { class: "charts" }, h("div", { class: "card" }, throughput.element), h("div", { class: "card" }, depth.element)),
    h("section", { "aria-labelledby": "workers" }, h("h2", { id: "workers" }, "Workers"), h("div", { class: "card table", role: "region", tabIndex: 0, "aria-label": "Table of workers" }, table, none)));

  let samples = [];
  const load = async () => {
    try {
      const state = await call(`/api/system?history=${samples.length ? 3 : Samples}`, { signal });
      trouble.replaceChildren();
      const last = samples.at(-1)?.time ?? 0;
      const fresh = state.history.map((sample) => ({ ...sample, time: Date.parse(sample.at) })).filter((sample) => sample.time > last);
      // After a pause too many samples are missing to continue the chart.
      if (samples.length && fresh.length === 3) {
        samples = [];
        return load();
      }
      samples = [...samples, ...fresh].slice(-Samples);
      draw(state);
    } catch (error) {
      if (error.name !== "AbortError" && !signal.aborted) trouble.replaceChildren(alertBox(error));
    }
  };

  const draw = ({ workers, queue_depth: waiting, primes_per_second: perSecond, requests }) => {
    const sum = (name) => workers.reduce((total, worker) => total + worker[name], 0);
    speed.set(rate(perSecond));
    queue.set(waiting === undefined ? "unknown" : count(waiting));
    busy.set(`${count(sum("busy"))} of ${count(sum("consumers"))}`);
    open.set(count(requests.pending + requests.processing));
    throughput.show(samples.map((sample) => ({ at: sample.time, value: sample.primes_per_second })));
    depth.show(samples.filter((sample) => sample.queue_depth !== undefined).map((sample) => ({ at: sample.time, value: sample.queue_depth })));
    none.hidden = workers.length > 0;
    table.hidden = workers.length === 0;
    rows.replaceChildren(...workers.map((worker) => h("tr", {},
      h("th", { scope: "row" }, worker.name),
      h("td", {}, h("meter", { max: worker.consumers, value: worker.busy, "aria-label": "Busy consumers" }), ` ${worker.busy} of ${worker.consumers}`),
      h("td", {}, rate(worker.primes_per_second)),
      h("td", {}, ago(worker.started_at)),
      h("td", {}, ago(worker.last_seen)))));
  };

  every(2000, signal, load);
}
