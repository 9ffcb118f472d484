// Creates elements. Text is always inserted as text, never parsed as markup.

/**
 * Creates an element. Properties that start with "on" are listeners, `class` and names with a hyphen are attributes, others are properties.
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.includes("-")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Creates an SVG element. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Announces a text to screen readers. Use it sparingly. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

/** Creates an alert with the text of a Problem. */
export function alertBox(problem) {
  return h("div", { class: "alert", role: "alert" }, h("strong", {}, problem.title), problem.detail && h("p", {}, problem.detail));
}

/** Runs a task periodically while the view is shown and the page is visible. The task handles its own failures. */
export function every(milliseconds, signal, task) {
  let timer;
  let isRunning = false;
  const run = async () => {
    if (isRunning || signal.aborted) return;
    isRunning = true;
    clearTimeout(timer);
    if (!document.hidden) await task();
    isRunning = false;
    if (!signal.aborted) timer = setTimeout(run, milliseconds);
  };
  document.addEventListener("visibilitychange", () => !document.hidden && run(), { signal });
  signal.addEventListener("abort", () => clearTimeout(timer));
  return run();
}

/** Copies text to the clipboard and confirms it on the button. */
export async function copy(button, text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without HTTPS, browsers only offer the old way.
    const area = h("textarea", { value: text, class: "hidden" });
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  const label = button.dataset.label ?? (button.dataset.label = button.textContent);
  button.textContent = "Copied";
  announce("Copied");
  setTimeout(() => { button.textContent = label; }, 1500);
}
