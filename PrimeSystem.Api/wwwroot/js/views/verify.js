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
    h("p", { class: "lead" }, "Up to 24 digits the answer is exact. A longer prime has passed Miller–Rabin rounds with random bases."),
    h("form", { class: "card", noValidate: true, onsubmit: (event) => {
      event.preventDefault();
      test();
    } },
    h("label", { htmlFor: "numbers" }, "Numbers"), field, hint, trouble, h("div", { class: "actions" }, button)),
    verdicts);

  let limits = { max_digits: Infinity };
  call("/api/limits", { signal }).then((answer) => {
    limits = answer;
    hint.textContent = `One per line. At most ${counted(limits.max_verify_numbers, "number")}, with ${count(limits.max_verify_digits)} digits together.`;
  }, () => {});

  const test = async () => {
    const { numbers, wrong } = read(field.value, limits);
    trouble.replaceChildren(...wrong.map(({ line, message }) => h("p", { class: "error", role: "alert" }, `Line ${line}: ${message}`)));
    verdicts.replaceChildren();
    if (wrong.length > 0) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    if (numbers.length === 0) {
      if (wrong.length === 0) trouble.replaceChildren(h("p", { class: "error", role: "alert" }, "Enter a number."));
      field.focus();
      return;
    }
    button.disabled = true;
    button.textContent = "Testing…";
    try {
      const { results } = await call("/api/verify", { method: "POST", body: { numbers }, signal });
      verdicts.replaceChildren(...results.map(verdict));
      const primes = results.filter((result) => result.is_prime).length;
      announce(`${counted(results.length, "number")} tested, ${count(primes)} prime`);
    } catch (error) {
      if (error.name === "AbortError" || signal.aborted) return;
      trouble.append(alertBox(error));
      field.setAttribute("aria-invalid", "true");
      field.focus();
    }
    button.disabled = false;
    button.textContent = "Test";
  };
}

/** The numbers, one per line, and what is wrong with the other lines. The rules are those of the API. */
function read(text, { max_digits: maxDigits }) {
  const numbers = [];
  const wrong = [];
  text.split("\n").forEach((row, i) => {
    const number = row.trim();
    if (number === "") return;
    const message = /[\s,.'_]/.test(number) ? "Write the number without separators, one number per line."
      : !/^\d+$/.test(number) ? "Only the digits 0 to 9 are allowed, without a sign."
      : /^0\d/.test(number) ? "Leave out the leading zeros."
      : number.length > maxDigits ? `At most ${count(maxDigits)} digits.`
      : null;
    if (message) wrong.push({ line: i + 1, message });
    else numbers.push(number);
  });
  return { numbers, wrong };
}

function verdict({ number, is_prime: isPrime, exact, rounds }) {
  const certainty = !isPrime ? "" : exact ? " (exact)" : ` (passed ${rounds} rounds, which a composite number does with a probability below 4⁻${superscript(rounds)})`;
  return h("li", { class: isPrime ? "prime" : "composite" },
    h("span", { class: "mark", "aria-hidden": "true" }, isPrime ? "✓" : "✕"),
    h("code", {}, shortened(number)),
    h("span", { class: "says" }, h("strong", {}, isPrime ? "prime" : "composite"), certainty, number.length > 60 && ` · ${counted(number.length, "digit")}`));
}

const superscript = (n) => String(n).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
