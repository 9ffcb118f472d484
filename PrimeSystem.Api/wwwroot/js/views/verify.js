// Tests numbers for primality.

import { call } from "../api.js";
import { alertBox, announce, h } from "../dom.js";
import { count, counted, shortened } from "../format.js";

export function show(view, signal) {
  const field = h("textarea", {
    id: "numbers", rows: 5, spellcheck: false, autocomplete: "off", inputMode: "numeric", required: true, "aria-describedby": "numbers-hint",
    placeholder: "2305843009213693951",
  });
  const hint = h("p", { class: "hint", id: "numbers-hint" }, "One per line.");
  const button = h("button", { class: "primary" }, "Test");
  const trouble = h("div", { class: "trouble" });
  const verdicts = h("ul", { class: "verdicts" });
  view.append(
    h("h1", {}, "Is it prime?"),
    h("p", { class: "lead" }, "Below 2⁶⁴ the answer is exact. A larger prime has passed Miller–Rabin rounds with random bases."),
    h("form", { class: "card", noValidate: true, onsubmit: (event) => {
      event.preventDefault();
      test();
    } },
    h("label", { htmlFor: "numbers" }, "Numbers"), field, hint, trouble, h("div", { class: "actions" }, button)),
    verdicts);

  call("/api/limits", { signal }).then((limits) => {
    hint.textContent = `One per line. At most ${counted(limits.max_verify_numbers, "number")}, with ${count(limits.max_verify_digits)} digits together.`;
  }, () => {});

  const test = async () => {
    const numbers = field.value.split(/\s+/).filter((number) => number !== "");
    button.disabled = true;
    button.textContent = "Testing…";
    trouble.replaceChildren();
    field.removeAttribute("aria-invalid");
    try {
      const { results } = await call("/api/verify", { method: "POST", body: { numbers }, signal });
      verdicts.replaceChildren(...results.map(verdict));
      const primes = results.filter((result) => result.is_prime).length;
      announce(`${counted(results.length, "number")} tested, ${count(primes)} prime`);
    } catch (error) {
      if (error.name === "AbortError" || signal.aborted) return;
      verdicts.replaceChildren();
      trouble.replaceChildren(alertBox(error));
      field.setAttribute("aria-invalid", "true");
      field.focus();
    }
    button.disabled = false;
    button.textContent = "Test";
  };
}

function verdict({ number, is_prime: isPrime, exact, rounds }) {
  const certainty = !isPrime ? "" : exact ? " (exact)" : ` (passed ${rounds} rounds, which a composite number does with a probability below 4⁻${superscript(rounds)})`;
  return h("li", { class: isPrime ? "prime" : "composite" },
    h("span", { class: "mark", "aria-hidden": "true" }, isPrime ? "✓" : "✕"),
    h("code", {}, shortened(number)),
    h("span", { class: "says" }, h("strong", {}, isPrime ? "prime" : "composite"), certainty, number.length > 60 && ` · ${counted(number.length, "digit")}`));
}

const superscript = (n) => String(n).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
