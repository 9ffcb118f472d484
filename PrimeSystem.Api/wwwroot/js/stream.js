// Streams the events of a request by WebSocket. After a break it reconnects and continues where it was.

import { call, token } from "./api.js";

const FirstPause = 500;
const LongestPause = 5000;
const Deleted = 4404;

/**
 * Watches a request until the signal aborts.
 * @param {string} id The request.
 * @param {object} watch `after`: how many primes are known; `onevent`: receives each event; `onstate`: receives "live", "waiting", "ended" or "deleted".
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
      // A browser does not report why a WebSocket was refused. The status request does, and keeps the page current where WebSockets are blocked.
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

  const reconnectNow = () => {
    if (!document.hidden && timer) connect();
  };
  window.addEventListener("online", reconnectNow, { signal });
  document.addEventListener("visibilitychange", reconnectNow, { signal });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    socket.close();
  });
  connect();
}
