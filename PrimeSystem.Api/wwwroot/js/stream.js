// A request, live: events by WebSocket, which connects again by itself and goes on where it was.

import { call, token } from "./api.js";

const FirstPause = 500;
const LongestPause = 5000;
const Deleted = 4404;

/**
 * Watches a request until the signal aborts.
 * @param {string} id The request.
 * @param {object} watch `after`: primes that are known already; `onevent`: takes each event; `onstate`: "live", "waiting", "ended" or "deleted".
 */
export function watch(id, { after, onevent, onstate, signal }) {
  let position = after;
  let pause = FirstPause;
  let timer;
  let socket;

  const connect = () => {
    clearTimeout(timer);
    timer = null;
    if (signal.aborted) return;
    const address = new URL(`/api/stream/${id}`, location.href);
    address.protocol = address.protocol.replace("http", "ws");
    address.searchParams.set("after", position);
    if (token()) address.searchParams.set("access_token", token());
    let ended = false;
    let opened = false;
    socket = new WebSocket(address);
    socket.onopen = () => {
      opened = true;
      pause = FirstPause;
      onstate("live");
    };
    socket.onmessage = ({ data }) => {
      const event = JSON.parse(data);
      if (event.type === "primes") position = event.first + event.prime_numbers.length;
      ended ||= event.type === "end";
      onevent(event);
    };
    socket.onclose = async ({ code }) => {
      if (signal.aborted) return;
      if (ended) return onstate("ended");
      if (code === Deleted) return onstate("deleted");
      onstate("waiting");
      // A browser does not say why a WebSocket was refused; the status does, and where none can be opened at all it keeps the page true.
      if (!opened && await isRefused()) return;
      timer = setTimeout(connect, pause);
      pause = Math.min(pause * 2, LongestPause);
    };
  };

  const isRefused = async () => {
    try {
      onevent({ type: "snapshot", ...await call(`/api/status/${id}`, { signal }), position });
      return false;
    } catch (error) {
      if (error.status === 404) onstate("deleted");
      return error.status === 404 || error.status === 401 || error.name === "AbortError";
    }
  };

  const hurry = () => {
    if (!document.hidden && timer) connect();
  };
  window.addEventListener("online", hurry, { signal });
  document.addEventListener("visibilitychange", hurry, { signal });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    socket.close();
  });
  connect();
}
