import * as z from "zod";
import { NEVER } from "../kernel/clock.ts";
import type { RefusalReason } from "./refusals.ts";

/**
 * How a file writes its dates: `ymd` as in 2027/1/31, 20270131 or 2027年1月31日 · `dmy` as in 31.01.2027 · `mdy` as in 1/31/2027 ·
 * `serial`: a spreadsheet's number of the day, counted from 1900, or from 1904 on old Macs. Absent: RFC 3339 alone.
 */
export const DateNotation = z.enum(["ymd", "dmy", "mdy", "serial", "serial1904"]);
export type DateNotation = z.infer<typeof DateNotation>;

/** The clock by which days end, as an offset from UTC. */
export const DayEnds = z.string().regex(/^[+-](0\d|1[0-4]):[0-5]\d$/, "must be an offset from UTC, such as +08:00");

export type Dates = { dates?: DateNotation | undefined; dayEnds?: string | undefined };

/** A moment in UTC, to the millisecond. */
type Expiry = `${string}Z`;

type Day = { year: number; month: number; day: number };
type Moment = { hours: number; minutes: number; seconds: number };

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)$/;
const FOREVER =
  /^(?:永久|永久有效|长期|长期有效|永不过期|无限期|never|forever|permanent|unlimited|lifetime|no expiry)$/i;
const TIME = String.raw`(?:[ T]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(?: ?([AP]M))?)?`;
const DAY = {
  ymd: new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${TIME}$`, "i"),
  compact: new RegExp(String.raw`^(\d{4})()(\d\d)(\d\d)${TIME}$`, "i"),
  chinese: new RegExp(String.raw`^(\d{4})()年(\d{1,2})月(\d{1,2})[日号]${TIME}$`, "i"),
  dayOrMonthFirst: new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})${TIME}$`, "i"),
};
/** Digits and separators may be a date in some notation; so may a word for never. */
const MAY_BE_DATE = /^[\d年月日号/.: T-]*\d[\d年月日号/.: TAPM-]*$/i;

/**
 * Reads when a code expires: at the last moment of a bare day, or at the time that is given, by the clock of the file.
 * An empty text means never. Without a notation only RFC 3339 is read, and a bare day ends in UTC.
 */
export function expiryOf(text: string, { dates, dayEnds }: Dates): Expiry | RefusalReason {
  if (text === "") return NEVER;
  if (RFC_3339.test(text)) return withZone(text);
  const isIso = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?$/.test(text);
  if (dates === undefined && !isIso) return MAY_BE_DATE.test(text) || FOREVER.test(text) ? "date_notation" : "bad_date";
  if (FOREVER.test(text)) return NEVER;
  if (dates === "serial" || dates === "serial1904")
    return isIso ? dayAt(isoDay(text), dayEnds) : serial(text, dates, dayEnds);
  const read = isIso ? isoDay(text) : dayIn(text, dates ?? "ymd");
  if (read === undefined) return MAY_BE_DATE.test(text) ? "date_notation" : "bad_date";
  return dayAt(read, dayEnds);
}

type DayRead = { day: Day; time?: Moment } | undefined;

const isoDay = (text: string): DayRead => dayIn(text.replace(/[Tt]/, " "), "ymd");

function dayIn(text: string, dates: "ymd" | "dmy" | "mdy"): DayRead {
  const patterns = dates === "ymd" ? [DAY.ymd, DAY.compact, DAY.chinese] : [DAY.dayOrMonthFirst];
  const found = patterns.map((pattern) => pattern.exec(text)).find((match) => match !== null);
  if (found === undefined) return undefined;
  const [, first, , second, third, hours, minutes, seconds = "0", half] = found;
  const [a, b, c] = [Number(first), Number(second), Number(third)];
  const day = {
    ymd: { year: a, month: b, day: c },
    dmy: { year: c, month: b, day: a },
    mdy: { year: c, month: a, day: b },
  }[dates];
  if (hours === undefined) return { day };
  return { day, time: { hours: hourOf(Number(hours), half), minutes: Number(minutes), seconds: Number(seconds) } };
}

/**
 * Converts an hour of a 12-hour clock. Twelve is the first hour of each half of the day. An hour that does not exist
 * there gives NaN.
 */
function hourOf(hours: number, half: string | undefined): number {
  if (half === undefined) return hours;
  if (hours < 1 || hours > 12) return Number.NaN;
  return (hours % 12) + (half.toUpperCase() === "PM" ? 12 : 0);
}

/**
 * Gives the moment of a day, which ends with its last millisecond, or of a time, which needs a clock if it has no zone.
 */
function dayAt(read: DayRead, dayEnds: string | undefined): Expiry | RefusalReason {
  if (read === undefined) return "bad_date";
  if (read.time !== undefined && dayEnds === undefined) return "time_without_zone";
  const { year, month, day } = read.day;
  const { hours, minutes, seconds } = read.time ?? { hours: 23, minutes: 59, seconds: 59 };
  const at = Date.UTC(year, month - 1, day, hours, minutes, seconds, read.time === undefined ? 999 : 0);
  const isSame =
    new Date(Date.UTC(year, month - 1, day)).toISOString().slice(0, 10) ===
    [String(year).padStart(4, "0"), month, day].map((part) => String(part).padStart(2, "0")).join("-");
  if (Number.isNaN(at) || !isSame || hours > 23 || minutes > 59 || seconds > 59) return "bad_date";
  return isoOf(at - offsetOf(dayEnds));
}

/**
 * Formats a moment. West of UTC the last possible day ends in the year 10,000, which would sort before all others: it
 * becomes "never".
 */
const isoOf = (at: number): Expiry => new Date(Math.min(at, Date.parse(NEVER))).toISOString() as Expiry;

function offsetOf(dayEnds = "+00:00"): number {
  const [hours, minutes] = dayEnds.slice(1).split(":").map(Number);
  return (dayEnds.startsWith("-") ? -1 : 1) * ((hours ?? 0) * 60 + (minutes ?? 0)) * 60_000;
}

const DAY_MS = 86_400_000;
/**
 * Day 60 is the 29th of February 1900, which did not exist but which spreadsheets count. Later days are counted from
 * one day before.
 */
const LEAP_DAY_THAT_WAS_NOT = 60;
const LAST_SERIAL = 2_958_465;

function serial(text: string, dates: "serial" | "serial1904", dayEnds: string | undefined): Expiry | RefusalReason {
  if (!/^\d{1,7}(?:\.\d{1,10})?$/.test(text)) return MAY_BE_DATE.test(text) ? "date_notation" : "bad_date";
  const number = Number(text);
  const days = Math.floor(number);
  if (days > LAST_SERIAL || days < 1 || (dates === "serial" && days === LEAP_DAY_THAT_WAS_NOT)) return "bad_date";
  const before = days < LEAP_DAY_THAT_WAS_NOT ? Date.UTC(1899, 11, 31) : Date.UTC(1899, 11, 30);
  const date = new Date((dates === "serial" ? before : Date.UTC(1904, 0, 1)) + days * DAY_MS);
  const day = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  if (number === days) return dayAt({ day }, dayEnds);
  const of = Math.min(86_399, Math.round((number - days) * 86_400));
  const time = { hours: Math.floor(of / 3600), minutes: Math.floor(of / 60) % 60, seconds: of % 60 };
  return dayAt({ day, time }, dayEnds);
}

function withZone(text: string): Expiry | RefusalReason {
  const at = new Date(text.toUpperCase().replace(" ", "T"));
  if (Number.isNaN(at.getTime())) return "bad_date";
  // The engine would take hour 24 for the next day's first hour, and roll the 30th of February over into March. The
  // file meant something else.
  if (text.slice(11, 13) === "24") return "bad_date";
  const day = text.slice(0, 10);
  const whole = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(whole.getTime()) || whole.toISOString().slice(0, 10) !== day) return "bad_date";
  return isoOf(at.getTime());
}
