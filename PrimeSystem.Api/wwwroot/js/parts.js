// Elements that several views share.

import { h } from "./dom.js";

export const isOpen = (status) => status === "pending" || status === "processing";

/** The status of a request as a coloured label. */
export const badge = (status) => h("span", { class: `badge ${status}` }, status);

/** A figure with its label. */
export function figure(label) {
  const term = h("dt", {}, label);
  const value = h("dd", {}, "–");
  return {
    element: h("div", { class: "figure" }, term, value),
    set(text, of = label) {
      value.textContent = text;
      term.textContent = of;
    },
  };
}
