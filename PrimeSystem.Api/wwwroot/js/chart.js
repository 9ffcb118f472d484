// Draws a line chart as SVG in the colours of the page.

import { h, svg } from "./dom.js";

const Width = 720;
const Height = 200;
const Left = 8;
const Bottom = 22;
const Top = 14;

/** The smallest 1, 2 or 5 times a power of ten that is not below a value. */
function ceiling(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((round) => round >= value);
}

/**
 * Creates a chart of the last minutes.
 * @param {object} options `label`: the title; `format`: formats a value; `minutes`: the time range.
 * @returns The element, and `show(samples)`, which takes `{ at, value }` with times in milliseconds.
 */
export function chart({ label, format, minutes }) {
  const lines = svg("g", { class: "chart-grid" });
  const area = svg("path", { class: "chart-area" });
  const line = svg("path", { class: "chart-line" });
  const cursor = svg("line", { class: "chart-cursor", y1: Top, y2: Height - Bottom, visibility: "hidden" });
  const picture = svg("svg", { viewBox: `0 0 ${Width} ${Height}`, role: "img", preserveAspectRatio: "none" }, lines, area, line, cursor);
  const marks = h("div", { class: "chart-marks", "aria-hidden": "true" });
  const reading = h("p", { class: "chart-reading" }, "");
  const element = h("figure", { class: "chart" },
    h("figcaption", {}, h("span", {}, label), reading), h("div", { class: "chart-picture" }, picture, marks));
  let points = [];

  const say = (point) => {
    if (point === undefined) return;
    const seconds = Math.round((points.at(-1).at - point.at) / 1000);
    reading.textContent = `${format(point.value)}${seconds > 0 ? ` · ${seconds} s ago` : ""}`;
  };
  picture.addEventListener("pointermove", ({ clientX }) => {
    if (points.length === 0) return;
    const box = picture.getBoundingClientRect();
    const x = (clientX - box.left) / box.width * Width;
    const nearest = points.reduce((best, point) => Math.abs(point.x - x) < Math.abs(best.x - x) ? point : best);
    cursor.setAttribute("x1", nearest.x);
    cursor.setAttribute("x2", nearest.x);
    cursor.setAttribute("visibility", "visible");
    say(nearest);
  });
  picture.addEventListener("pointerleave", () => {
    cursor.setAttribute("visibility", "hidden");
    say(points.at(-1));
  });

  const show = (samples) => {
    if (samples.length === 0) return;
    const end = samples.at(-1).at;
    const start = end - minutes * 60_000;
    const most = ceiling(Math.max(1, ...samples.map((sample) => sample.value)));
    const x = (at) => Left + (at - start) / (end - start) * (Width - 2 * Left);
    const y = (value) => Height - Bottom - value / most * (Height - Bottom - Top);
    points = samples.filter((sample) => sample.at >= start).map((sample) => ({ ...sample, x: x(sample.at), y: y(sample.value) }));
    const path = points.map((point, i) => `${i ? "L" : "M"}${point.x.toFixed(1)},${point.y.toFixed(1)}`).join("");
    line.setAttribute("d", path);
    area.setAttribute("d", `${path}L${points.at(-1).x},${y(0)}L${points[0].x},${y(0)}Z`);
    lines.replaceChildren(...[0, 0.5, 1].map((part) =>
      svg("line", { x1: Left, x2: Width - Left, y1: y(part * most), y2: y(part * most) })));
    marks.replaceChildren(
      h("span", { class: "top" }, format(most)), h("span", { class: "middle" }, format(most / 2)),
      h("span", { class: "start" }, `${minutes} min ago`), h("span", { class: "end" }, "now"));
    picture.setAttribute("aria-label", `${label}, the last ${minutes} minutes: now ${format(points.at(-1).value)}, at most ${
      format(Math.max(...points.map((point) => point.value)))}.`);
    if (cursor.getAttribute("visibility") === "hidden") say(points.at(-1));
  };
  return { element, show };
}
