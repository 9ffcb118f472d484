// Calls the API. Every error becomes a Problem with the text of the API.

const TokenKey = "primes.token";

/** An error: problem details of the API (RFC 9457), or no answer at all. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? "");
    this.status = status;
    this.title = body.title ?? "The service reported an error.";
    this.detail = body.detail;
    this.errors = body.errors ?? {};
  }
}

export const token = () => sessionStorage.getItem(TokenKey);

export function setToken(value) {
  if (value) sessionStorage.setItem(TokenKey, value);
  else sessionStorage.removeItem(TokenKey);
}

/** Sends a request and returns the response. Throws a Problem unless the status is 2xx. */
export async function send(path, { method = "GET", body, accept = "application/json", signal, headers = {} } = {}) {
  const bearer = token();
  let response;
  try {
    response = await fetch(path, {
      method,
      signal,
      headers: {
        Accept: accept,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { title: "The service cannot be reached.", detail: "It may be restarting. Views that show live data retry by themselves." });
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({ title: `The service answered with status ${response.status}.` }));
  if (response.status === 401) window.dispatchEvent(new CustomEvent("unauthorized"));
  throw new Problem(response.status, problem);
}

/** Sends a request and returns the JSON of the answer. */
export async function call(path, options) {
  const response = await send(path, options);
  return response.status === 204 ? null : response.json();
}

/** Saves the primes of a request as a file. */
export async function download(id, accept, extension) {
  const response = await send(`/api/result/${id}`, { accept });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = `primes-${id}.${extension}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
