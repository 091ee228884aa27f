/** When goods end, in the notations that suppliers use. Pure. */

/**
 * An expiry. `none`: the supplier says that there is no end, or says nothing. `unread`: it says something that we can't
 * read.
 */
export type Expiry = { kind: "at"; at: string } | { kind: "none" } | { kind: "unread" };

const NONE: Expiry = { kind: "none" };
const UNREAD: Expiry = { kind: "unread" };

/** Words for "no end" that suppliers use. */
const NEVER = new Set([
  "null",
  "none",
  "never",
  "n/a",
  "na",
  "nil",
  "-",
  "0",
  "unlimited",
  "no expiry",
  "forever",
  "永久",
  "永久有效",
  "长期",
  "长期有效",
  "无",
  "无期限",
  "不限",
  "不限期",
]);

/** A year before this is a default that nobody filled in (0001-01-01, 0000-00-00, 1900-01-01, 1970-01-01). */
const FIRST_YEAR = 1971;
/** A year after this is a way to say "never" (2999-12-31, 9999-12-31). */
const LAST_YEAR = 2900;

const DAY_MS = 24 * 3600 * 1000;

/** Year, month and day; then perhaps a time; then perhaps an offset. */
const DATE = "(\\d{4})(?:-(\\d{1,2})-|/(\\d{1,2})/|\\.(\\d{1,2})\\.|年(\\d{1,2})月)(\\d{1,2})日?";
const TIME = "(\\d{1,2}):(\\d{2})(?::(\\d{2})(?:[.,](\\d{1,9}))?)?";
const OFFSET = "\\s*(Z|UTC|GMT|[+-]\\d{2}(?::?\\d{2})?)";
const WRITTEN = new RegExp(`^${DATE}(?:(?:T|\\s+)${TIME}(?:${OFFSET})?)?$`, "i");
/** 31.12.2027: with full stops the day comes first, in every country that writes so. */
const DAY_FIRST = new RegExp(`^(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})(?:\\s+${TIME})?$`);
/** 20271231, 20271231235959. */
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$/;

type Parts = { year: number; month: number; day: number; time?: number; offset?: number };

/**
 * Reads a supplier's date. A time without an offset is by the supplier's clock, `offsetHours` ahead of UTC. A bare day
 * is good until its last moment there. Ten or thirteen digits are a Unix time. `03/04/2027` is unread, because it may
 * be two days.
 */
export function expiryOf(value: unknown, offsetHours: number): Expiry {
  if (value === undefined || value === null) return NONE;
  if (typeof value !== "string" && typeof value !== "number") return UNREAD;
  const text = String(value).trim();
  if (text === "" || NEVER.has(text.toLowerCase()) || /^-\d+$/.test(text)) return NONE;
  if (/^(\d{10}|\d{13})$/.test(text)) return momentOf(Number(text) * (text.length === 10 ? 1000 : 1));
  const parts = partsOf(text);
  if (parts === undefined) return UNREAD;
  if (parts.year < FIRST_YEAR || parts.year > LAST_YEAR) return NONE;
  const day = Date.UTC(parts.year, parts.month - 1, parts.day);
  const isDay = new Date(day).getUTCMonth() === parts.month - 1 && parts.day > 0;
  if (!isDay) return UNREAD;
  const offset = parts.offset ?? offsetHours * 3600 * 1000;
  return momentOf(day + (parts.time ?? DAY_MS - 1) - offset);
}

function momentOf(ms: number): Expiry {
  const moment = new Date(ms);
  const year = moment.getUTCFullYear();
  return year < FIRST_YEAR || year > LAST_YEAR ? NONE : { kind: "at", at: moment.toISOString() };
}

function partsOf(text: string): Parts | undefined {
  const compact = COMPACT.exec(text);
  if (compact !== null) {
    const [, year, month, day, ...time] = compact;
    return dateOf(year, month, day, time[0] === undefined ? undefined : timeOf(...time));
  }
  const dayFirst = DAY_FIRST.exec(text);
  if (dayFirst !== null) {
    const [, day, month, year, ...time] = dayFirst;
    return dateOf(year, month, day, time[0] === undefined ? undefined : timeOf(...time));
  }
  const [, year, dashed, slashed, dotted, chinese, day, hours, minutes, seconds, fraction, offset] =
    WRITTEN.exec(text) ?? [];
  if (year === undefined) return undefined;
  const time = hours === undefined ? undefined : timeOf(hours, minutes, seconds, fraction);
  const parts = dateOf(year, dashed ?? slashed ?? dotted ?? chinese, day, time);
  return parts === undefined || offset === undefined ? parts : { ...parts, offset: offsetOf(offset) };
}

/** Puts a date together. Undefined if `time` is null, which says that the digits are no time of day. */
function dateOf(year = "", month = "", day = "", time?: number | null): Parts | undefined {
  if (time === null) return undefined;
  const date = { year: Number(year), month: Number(month), day: Number(day) };
  return time === undefined ? date : { ...date, time };
}

/** Milliseconds since midnight. A day may end at 24:00. */
function timeOf(hours = "0", minutes = "0", seconds = "0", fraction = "0"): number | null {
  const [hour, minute, second] = [Number(hours), Number(minutes), Number(seconds)];
  const isTime = (hour < 24 || (hour === 24 && minute === 0 && second === 0)) && minute < 60 && second < 60;
  const ms = Math.floor(Number(`0.${fraction}`) * 1000);
  return isTime ? ((hour * 60 + minute) * 60 + second) * 1000 + ms : null;
}

function offsetOf(text: string): number {
  const [, sign = "+", hours = "0", minutes = "0"] = /^([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? [];
  const ms = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === "-" ? -ms : ms;
}
