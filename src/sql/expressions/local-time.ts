import {
  civilFromDays,
  DatePattern,
  daysFromCivil,
  floorDiv,
  localToEpoch,
  type TimeZone,
  timeZone,
} from "../../common/index.js";

export const MICROS_PER_SECOND = 1_000_000n;
export const MICROS_PER_DAY = 86_400_000_000n;

export const floorMod = (a: bigint, b: bigint): bigint => a - floorDiv(a, b) * b;

/** Moments and local times of a zone, both in microseconds since 1970-01-01T00:00. */
export interface LocalTime {
  readonly zone: TimeZone;
  toLocal(micros: bigint): bigint;
  /** Of a local time that comes twice the earlier moment; over a gap it moves forward, as in Java. */
  toInstant(localMicros: bigint): bigint;
}

const known = new Map<string, LocalTime>();

/** Local time in the zone of an id; throws INVALID_TIMEZONE. */
export function localTime(zoneId: string): LocalTime {
  let time = known.get(zoneId);
  if (!time) known.set(zoneId, (time = build(timeZone(zoneId))));
  return time;
}

function build(zone: TimeZone): LocalTime {
  const seconds = (micros: bigint): number => Number(floorDiv(micros, MICROS_PER_SECOND));
  return {
    zone,
    toLocal: (micros) => micros + BigInt(zone.offsetAt(seconds(micros))) * MICROS_PER_SECOND,
    toInstant(local) {
      const whole = seconds(local);
      return local + BigInt(localToEpoch(whole, zone) - whole) * MICROS_PER_SECOND;
    },
  };
}

const patterns = new Map<string, DatePattern>();

/** The compiled pattern, remembered; throws Spark's error for one that is not allowed. */
export function datePattern(pattern: string): DatePattern {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    if (patterns.size > 1000) patterns.clear();
    patterns.set(pattern, (compiled = new DatePattern(pattern)));
  }
  return compiled;
}

/** 1 to 366. */
export const dayOfYear = (days: number): number => days - daysFromCivil(civilFromDays(days).year, 1, 1) + 1;

/** 0 Monday to 6 Sunday. */
export const weekday = (days: number): number => (((days + 3) % 7) + 7) % 7;

/** ISO 8601 week: that of the Thursday in it. */
export function isoWeek(days: number): number {
  const thursday = days - weekday(days) + 3;
  return Math.floor((dayOfYear(thursday) - 1) / 7) + 1;
}
