// Formats numbers and times.

const whole = new Intl.NumberFormat("en");

export const count = (n) => whole.format(n);

/** "1 prime", "3,000 primes". */
export const counted = (n, one, many = `${one}s`) => `${count(n)} ${n === 1 ? one : many}`;

/** A rate with two or three significant digits. */
export function rate(perSecond) {
  if (perSecond >= 100) return count(Math.round(perSecond));
  if (perSecond >= 10) return perSecond.toFixed(1);
  if (perSecond === 0) return "0";
  if (perSecond >= 0.01) return perSecond.toFixed(2);
  return perSecond.toPrecision(1);
}

/** "less than a second", "25 seconds", "3 min 20 s", "2 h 5 min", "12 days". */
export function duration(seconds) {
  if (seconds < 1) return "less than a second";
  const s = Math.round(seconds);
  if (s < 100) return counted(s, "second");
  if (s < 3600) return `${Math.floor(s / 60)} min${s < 600 ? ` ${s % 60} s` : ""}`;
  if (s < 100 * 3600) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  if (s < 1000 * 86400) return `${Math.round(s / 86400)} days`;
  return `${count(Math.round(s / (365.25 * 86400)))} years`;
}

/** "just now", "5 min ago", "14 March, 09:26". */
export function ago(time) {
  const seconds = (Date.now() - new Date(time)) / 1000;
  if (seconds < 10) return "just now";
  if (seconds < 24 * 3600) return `${duration(seconds)} ago`;
  return new Date(time).toLocaleString("en-GB", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
}

/** A long number, shortened to its first and last digits. */
export function shortened(digits, ends = 24) {
  return digits.length > 2 * ends + 12 ? `${digits.slice(0, ends)}…${digits.slice(-ends)}` : digits;
}
