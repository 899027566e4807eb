import { daysFromCivil } from "./civil-date.js";
import { DateTimeException } from "./errors.js";

/** A zone's rules; offsets are seconds east of UTC. */
export interface TimeZone {
  readonly id: string;
  /** Offset in force at a moment, in seconds since 1970 UTC. */
  offsetAt(epochSeconds: number): number;
}

const fixedZone = (id: string, offset: number): TimeZone => ({ id, offsetAt: () => offset });

const BLOCK = 900;

/** A region of the IANA database, from the ICU tables of the JavaScript engine; offsets change at quarter hours only. */
class RegionZone implements TimeZone {
  private readonly known = new Map<number, number>();
  private readonly format: Intl.DateTimeFormat;

  constructor(readonly id: string) {
    this.format = new Intl.DateTimeFormat("en-US", {
      timeZone: id,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
      era: "short",
    });
  }

  offsetAt(epochSeconds: number): number {
    const block = Math.floor(epochSeconds / BLOCK);
    let offset = this.known.get(block);
    if (offset === undefined) {
      offset = this.compute(block * BLOCK);
      if (this.known.size > 65_536) this.known.clear();
      this.known.set(block, offset);
    }
    return offset;
  }

  private compute(epochSeconds: number): number {
    const limit = 8_639_999_999_999;
    const moment = Math.max(-limit, Math.min(limit, epochSeconds));
    const part: Record<string, string> = {};
    for (const { type, value } of this.format.formatToParts(moment * 1000)) part[type] = value;
    const year = part.era === "BC" ? 1 - Number(part.year) : Number(part.year);
    const days = daysFromCivil(year, Number(part.month), Number(part.day));
    const local = days * 86_400 + Number(part.hour) * 3600 + Number(part.minute) * 60 + Number(part.second);
    return local - moment;
  }
}

/** Ids of three letters that Java knows besides (`ZoneId.SHORT_IDS`). */
const shortIds: Readonly<Record<string, string>> = {
  ...{ ACT: "Australia/Darwin", AET: "Australia/Sydney", AGT: "America/Argentina/Buenos_Aires", ART: "Africa/Cairo" },
  ...{ AST: "America/Anchorage", BET: "America/Sao_Paulo", BST: "Asia/Dhaka", CAT: "Africa/Harare" },
  ...{ CNT: "America/St_Johns", CST: "America/Chicago", CTT: "Asia/Shanghai", EAT: "Africa/Addis_Ababa" },
  ...{ ECT: "Europe/Paris", IET: "America/Indiana/Indianapolis", IST: "Asia/Kolkata", JST: "Asia/Tokyo" },
  ...{ MIT: "Pacific/Apia", NET: "Asia/Yerevan", NST: "Pacific/Auckland", PLT: "Asia/Karachi" },
  ...{ PNT: "America/Phoenix", PRT: "America/Puerto_Rico", PST: "America/Los_Angeles", SST: "Pacific/Guadalcanal" },
  ...{ VST: "Asia/Ho_Chi_Minh", EST: "-05:00", MST: "-07:00", HST: "-10:00" },
};

const zones = new Map<string, TimeZone>();
const OFFSET = /^(?:UTC|GMT|UT)?([+-])(\d{1,2})(?::?(\d{2}))?(?::?(\d{2}))?$/;

/** The zone that Spark knows by this name: a region, `UTC`, `Z`, `+09:00`, `GMT+8`...; undefined when there is none. */
export function findTimeZone(id: string): TimeZone | undefined {
  let zone = zones.get(id);
  if (zone) return zone;
  const long = shortIds[id];
  if (long !== undefined) zone = { id, offsetAt: timeZone(long).offsetAt.bind(timeZone(long)) };
  else if (id === "Z" || id === "UTC" || id === "GMT" || id === "UT") zone = fixedZone(id, 0);
  else {
    const match = OFFSET.exec(id);
    if (match) {
      const [hours, minutes, seconds] = [match[2], match[3] ?? "0", match[4] ?? "0"].map(Number);
      const total = hours * 3600 + minutes * 60 + seconds;
      if (minutes > 59 || seconds > 59 || total > 18 * 3600) return undefined;
      zone = fixedZone(id, match[1] === "-" ? -total : total);
    } else {
      try {
        zone = new RegionZone(id);
      } catch {
        return undefined;
      }
    }
  }
  zones.set(id, zone);
  return zone;
}

/** As {@link findTimeZone}; an unknown name is Spark's error. */
export function timeZone(id: string): TimeZone {
  const zone = findTimeZone(id);
  if (zone) return zone;
  throw new DateTimeException(
    `The timezone: ${id} is invalid. The timezone must be either a region-based zone ID or a zone offset. ` +
      "Region IDs must have the form 'area/city', such as 'America/Los_Angeles'. Zone offsets must be in the format " +
      "'(+|-)HH', '(+|-)HH:mm' or '(+|-)HH:mm:ss', e.g '-08' , '+01:00' or '-13:33:33'.",
    { condition: "INVALID_TIMEZONE", sqlState: "22009", parameters: { timeZone: id } },
  );
}

/**
 * Moment (seconds since 1970 UTC) of a local time. As in Java, a time inside a gap moves forward by the gap's length
 * and the earlier of two moments is taken in an overlap.
 */
export function localToEpoch(localSeconds: number, zone: TimeZone): number {
  const before = zone.offsetAt(localSeconds - 86_400);
  const after = zone.offsetAt(localSeconds + 86_400);
  if (before === after) {
    const offset = zone.offsetAt(localSeconds - before);
    if (offset === before) return localSeconds - before;
  }
  const early = localSeconds - before;
  if (zone.offsetAt(early) === before) return early;
  const late = localSeconds - after;
  return zone.offsetAt(late) === after ? late : early;
}
