import { daysFromCivil, daysInMonth, MICROS_PER_DAY } from "./calendar.js";
import { findTimeZone, type TimeZone } from "./time-zone.js";

/** Spark's cast of text to a date: `y`, `y-m`, `y-m-d`, the last optionally followed by a space or `T` and anything. */
export function parseDate(text: string): number | undefined {
  const match = /^([+-]?\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T].*)?)?)?$/s.exec(trimAll(text));
  if (!match) return undefined;
  return checkedDays(Number(match[1]), Number(match[2] ?? 1), Number(match[3] ?? 1));
}

export function checkedDays(year: number, month: number, day: number): number | undefined {
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const days = daysFromCivil(year, month, day);
  return days === (days | 0) ? days : undefined;
}

const TIMESTAMP =
  /^(?:([+-]?\d{4,6})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T](\d{1,2})?(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?)?\s*(.*)|())?)?)?)$/s;
const TIME_ONLY = /^T?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?)?\s*(.*)$/s;

/** A parsed timestamp: local microseconds, and the zone if the text named one. */
export interface ParsedTimestamp {
  readonly local: bigint;
  readonly zone: TimeZone | undefined;
}

/** Spark's cast of text to a timestamp; time alone counts from `today` (local days). */
export function parseTimestamp(text: string, today: () => number): ParsedTimestamp | undefined {
  const trimmed = trimAll(text);
  const dated = TIMESTAMP.exec(trimmed);
  if (dated) {
    const [, year, month, day, hour, minute, second, fraction, zone] = dated;
    const days = checkedDays(Number(year), Number(month ?? 1), Number(day ?? 1));
    if (days === undefined) return undefined;
    // A separator must be followed by an hour, and a zone needs a time before it.
    if (hour === undefined && (minute !== undefined || zone !== undefined)) return undefined;
    return finish(days, hour, minute, second, fraction, zone);
  }
  const timed = TIME_ONLY.exec(trimmed);
  if (!timed) return undefined;
  const [, hour, minute, second, fraction, zone] = timed;
  return finish(today(), hour, minute, second, fraction, zone);
}

function finish(
  days: number,
  hour = "0",
  minute = "0",
  second = "0",
  fraction = "",
  zoneId = "",
): ParsedTimestamp | undefined {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || m > 59 || s > 59) return undefined;
  let zone: TimeZone | undefined;
  if (zoneId !== "") {
    zone = findTimeZone(normalZone(zoneId));
    if (!zone) return undefined;
  }
  const micros = (h * 3600 + m * 60 + s) * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, "0"));
  return { local: BigInt(days) * MICROS_PER_DAY + BigInt(micros), zone };
}

const normalZone = (id: string): string => {
  const single = /^((?:UTC|GMT|UT)?[+-])(\d)(:.*)?$/.exec(id);
  return single ? `${single[1]}0${single[2]}${single[3] ?? ""}` : id;
};

/** Spark's `trimAll`: spaces and control characters on both ends. */
export function trimAll(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}
const isBlank = (c: number): boolean => c <= 0x20 || (c >= 0x7f && c <= 0x9f);
