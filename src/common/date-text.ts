import { civilFromDays, validDate } from "./civil-date.js";
import { findTimeZone, localToEpoch, type TimeZone } from "./time-zone.js";

/** Days since 1970-01-01 of text such as `2024-2-29`, `2024-02`, `2024-02-29T...`, as a cast to DATE reads it. */
export function parseDate(text: string): number | undefined {
  const match = /^([+-]?)(\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T].*)?)?)?$/s.exec(trimAll(text));
  if (!match) return undefined;
  const year = match[1] === "-" ? -Number(match[2]) : Number(match[2]);
  return validDate(year, Number(match[3] ?? 1), Number(match[4] ?? 1));
}

const TIMESTAMP = /^(?:([+-]?)(\d{4,7})(?:-(\d{1,2})(?:-(\d{1,2})(?:[ T](.+))?)?)?|(T.+|\d{1,2}:.*))$/s;
const TIME = /^T?(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d*))?(?:([^\d.].*))?)?)?$/s;

/** Microseconds since 1970 UTC of text, as a cast to TIMESTAMP reads it; `zone` applies where the text names none. */
export function parseTimestamp(text: string, zone: TimeZone): bigint | undefined {
  const parsed = parseLocal(text);
  if (!parsed) return undefined;
  const own = parsed.zone === undefined ? zone : findTimeZone(parsed.zone.trim());
  if (!own) return undefined;
  const days = parsed.days ?? Math.floor((Date.now() / 1000 + own.offsetAt(Date.now() / 1000)) / 86_400);
  return BigInt(localToEpoch(days * 86_400 + parsed.seconds, own)) * 1_000_000n + BigInt(parsed.micros);
}

/** Microseconds of text read as TIMESTAMP_NTZ; a zone in the text is ignored when `allowZone`, else it is an error. */
export function parseTimestampNTZ(text: string, allowZone = true): bigint | undefined {
  const parsed = parseLocal(text);
  if (!parsed || parsed.days === undefined || (parsed.zone !== undefined && !allowZone)) return undefined;
  return BigInt(parsed.days * 86_400 + parsed.seconds) * 1_000_000n + BigInt(parsed.micros);
}

interface LocalTime {
  readonly days: number | undefined;
  readonly seconds: number;
  readonly micros: number;
  readonly zone: string | undefined;
}

function parseLocal(text: string): LocalTime | undefined {
  const match = TIMESTAMP.exec(trimAll(text));
  if (!match) return undefined;
  const justTime = match[6];
  let days: number | undefined;
  if (justTime === undefined) {
    const year = match[1] === "-" ? -Number(match[2]) : Number(match[2]);
    days = validDate(year, Number(match[3] ?? 1), Number(match[4] ?? 1));
    if (days === undefined) return undefined;
    if (match[5] === undefined) return { days, seconds: 0, micros: 0, zone: undefined };
  }
  const time = TIME.exec(justTime ?? match[5]);
  if (!time || (justTime === undefined && match[5].startsWith("T"))) return undefined;
  const [hour, minute, second] = [time[1], time[2] ?? "0", time[3] ?? "0"].map(Number);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const micros = Number((time[4] ?? "").slice(0, 6).padEnd(6, "0"));
  return { days, seconds: hour * 3600 + minute * 60 + second, micros, zone: time[5]?.trimEnd() };
}

/** Without blanks and control characters at both ends. */
export function trimAll(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start++;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}
const isBlank = (c: number): boolean => c <= 32 || c === 127;

const pad = (n: number, width: number): string => String(n).padStart(width, "0");

/** `2024-02-29`; years over 9999 with a plus sign, as Spark prints them. */
export function formatDate(days: number): string {
  const { year, month, day } = civilFromDays(days);
  const sign = year < 0 ? "-" : year > 9999 ? "+" : "";
  return `${sign}${pad(Math.abs(year), 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}

/** `2024-02-29 12:34:56.789`, zeros at the end of the fraction cut, as Spark prints a timestamp in a zone. */
export function formatTimestamp(micros: bigint, zone?: TimeZone): string {
  const epoch = Number(floorDiv(micros, 1_000_000n));
  const fraction = Number(micros - BigInt(epoch) * 1_000_000n);
  const local = zone ? epoch + zone.offsetAt(epoch) : epoch;
  const days = Math.floor(local / 86_400);
  const time = local - days * 86_400;
  const clock = `${pad(Math.floor(time / 3600), 2)}:${pad(Math.floor(time / 60) % 60, 2)}:${pad(time % 60, 2)}`;
  const suffix = fraction === 0 ? "" : `.${pad(fraction, 6).replace(/0+$/, "")}`;
  return `${formatDate(days)} ${clock}${suffix}`;
}

/** Quotient rounded down. */
export function floorDiv(a: bigint, b: bigint): bigint {
  const remainder = a % b;
  return remainder !== 0n && remainder < 0n !== b < 0n ? a / b - 1n : a / b;
}
