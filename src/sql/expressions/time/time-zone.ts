import { DateTimeException } from "../../../common/index.js";
import { floorDiv, MICROS_PER_DAY, MICROS_PER_SECOND } from "./calendar.js";

/** Offsets of one time zone. All instants are microseconds since the epoch. */
export interface TimeZone {
  readonly id: string;
  /** True for fixed offsets. */
  readonly fixed: boolean;
  /** Seconds east of UTC at an instant. */
  offsetAt(micros: bigint): number;
  /** Local date-time (as if it were UTC) of an instant. */
  toLocal(micros: bigint): bigint;
  /** Instant of a local date-time: the earlier of two, and moved forward over a gap, as in `java.time`. */
  toInstant(localMicros: bigint): bigint;
}

const zones = new Map<string, TimeZone>();

/** The zone of an id such as `UTC`, `Europe/Berlin`, `+01:00`, `GMT-8`; throws INVALID_TIMEZONE. */
export function timeZone(id: string): TimeZone {
  let zone = zones.get(id);
  if (!zone) zones.set(id, (zone = build(id)));
  return zone;
}

/** The zone, or undefined when the id means nothing. */
export function findTimeZone(id: string): TimeZone | undefined {
  try {
    return timeZone(id);
  } catch {
    return undefined;
  }
}

/** Ids with three letters that `java.time.ZoneId.SHORT_IDS` maps to regions or offsets. */
const shortIds: Readonly<Record<string, string>> = {
  ACT: "Australia/Darwin",
  AET: "Australia/Sydney",
  AGT: "America/Argentina/Buenos_Aires",
  ART: "Africa/Cairo",
  AST: "America/Anchorage",
  BET: "America/Sao_Paulo",
  BST: "Asia/Dhaka",
  CAT: "Africa/Harare",
  CNT: "America/St_Johns",
  CST: "America/Chicago",
  CTT: "Asia/Shanghai",
  EAT: "Africa/Addis_Ababa",
  ECT: "Europe/Paris",
  IET: "America/Indiana/Indianapolis",
  IST: "Asia/Kolkata",
  JST: "Asia/Tokyo",
  MIT: "Pacific/Apia",
  NET: "Asia/Yerevan",
  NST: "Pacific/Auckland",
  PLT: "Asia/Karachi",
  PNT: "America/Phoenix",
  PRT: "America/Puerto_Rico",
  PST: "America/Los_Angeles",
  SST: "Pacific/Guadalcanal",
  VST: "Asia/Ho_Chi_Minh",
  EST: "-05:00",
  MST: "-07:00",
  HST: "-10:00",
};

function build(id: string): TimeZone {
  const offset = fixedOffset(id);
  if (offset !== undefined) return fixedZone(id, offset);
  const named = shortIds[id] ?? id;
  if (named !== id) return { ...timeZone(named), id };
  try {
    return regionZone(id);
  } catch (cause) {
    throw new DateTimeException(
      `The timezone: ${id} is invalid. The timezone must be either a region-based zone ID or a zone offset.`,
      { condition: "INVALID_TIMEZONE", sqlState: "22009", parameters: { timeZone: id }, cause },
    );
  }
}

function fixedOffset(id: string): number | undefined {
  if (/^(UTC|GMT|UT|Z|Etc\/UTC|Etc\/GMT|Greenwich|Zulu|Universal)$/.test(id)) return 0;
  const match = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{1,2}))?(?::?(\d{2}))?$/.exec(id);
  if (!match) return undefined;
  const [hours, minutes, seconds] = [match[2], match[3] ?? "0", match[4] ?? "0"].map(Number);
  if (hours > 18 || minutes > 59 || seconds > 59 || hours * 60 + minutes > 18 * 60) return undefined;
  return (match[1] === "-" ? -1 : 1) * (hours * 3600 + minutes * 60 + seconds);
}

function fixedZone(id: string, offset: number): TimeZone {
  const shift = BigInt(offset) * MICROS_PER_SECOND;
  return {
    id,
    fixed: true,
    offsetAt: () => offset,
    toLocal: offset === 0 ? (micros) => micros : (micros) => micros + shift,
    toInstant: offset === 0 ? (micros) => micros : (micros) => micros - shift,
  };
}

/** Offsets change on quarter hours only (apart from the nineteenth century), so one answer is kept a quarter hour. */
const BUCKET = 900_000_000n;

function regionZone(id: string): TimeZone {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: id,
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const known = new Map<bigint, number>();
  const offsetAt = (micros: bigint): number => {
    const bucket = floorDiv(micros, BUCKET);
    let offset = known.get(bucket);
    if (offset === undefined) {
      offset = compute(format, Number(bucket) * 900);
      if (known.size > 100_000) known.clear();
      known.set(bucket, offset);
    }
    return offset;
  };
  const micros = (seconds: number): bigint => BigInt(seconds) * MICROS_PER_SECOND;
  return {
    id,
    fixed: false,
    offsetAt,
    toLocal: (instant) => instant + micros(offsetAt(instant)),
    toInstant(local) {
      const before = offsetAt(local - MICROS_PER_DAY);
      const after = offsetAt(local + MICROS_PER_DAY);
      if (before === after) return local - micros(before);
      const early = local - micros(before);
      if (offsetAt(early) === before) return early;
      const late = local - micros(after);
      return offsetAt(late) === after ? late : early;
    },
  };
}

function compute(format: Intl.DateTimeFormat, seconds: number): number {
  const parts: Record<string, string> = {};
  for (const { type, value } of format.formatToParts(seconds * 1000)) parts[type] = value;
  const year = parts.era === "BC" ? 1 - Number(parts.year) : Number(parts.year);
  const local = new Date(0);
  local.setUTCFullYear(year, Number(parts.month) - 1, Number(parts.day));
  local.setUTCHours(Number(parts.hour), Number(parts.minute), Number(parts.second));
  return Math.round(local.getTime() / 1000 - seconds);
}
