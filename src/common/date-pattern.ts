import { civilFromDays, daysFromCivil, validDate } from "./civil-date.js";
import { floorDiv } from "./date-text.js";
import { IllegalArgumentException } from "./errors.js";
import { findTimeZone, localToEpoch, type TimeZone } from "./time-zone.js";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]; // prettier-ignore
const WEEKDAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const shorten = (names: readonly string[]): string[] => names.map((name) => name.slice(0, 3));

type Item =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "open" }
  | { readonly kind: "close" }
  | { readonly kind: "field"; readonly letter: string; readonly count: number };

/** What a text says: days and seconds of the local time, microseconds, and the offset or zone if it names one. */
interface Fields {
  year?: number;
  month?: number;
  day?: number;
  dayOfYear?: number;
  hour?: number;
  hour12?: number;
  pm?: boolean;
  minute?: number;
  second?: number;
  micros?: number;
  zone?: TimeZone;
}

/** A pattern of Java's `DateTimeFormatter` in the form that Spark allows (letters G y M L d D E a h H k K m s S V z O X x Z). */
export class DatePattern {
  private readonly items: readonly Item[];
  private readonly regex: RegExp;
  private readonly letters: readonly Extract<Item, { kind: "field" }>[];

  constructor(readonly pattern: string) {
    this.items = itemsOf(pattern);
    this.letters = this.items.filter((item) => item.kind === "field");
    this.regex = new RegExp(`^${this.items.map(regexOf).join("")}$`, "i");
  }

  /** Days since 1970-01-01, or undefined when the text does not follow the pattern. */
  parseDate(text: string): number | undefined {
    const fields = this.parse(text);
    return fields && daysOf(fields);
  }

  /** Microseconds since 1970 UTC; `zone` applies where the text names none. */
  parseTimestamp(text: string, zone: TimeZone): bigint | undefined {
    const local = this.parseLocal(text);
    if (!local) return undefined;
    const epoch = localToEpoch(local.seconds, local.fields.zone ?? zone);
    return BigInt(epoch) * 1_000_000n + BigInt(local.fields.micros ?? 0);
  }

  /** Microseconds of the local date and time, whatever zone the text names. */
  parseLocalTimestamp(text: string): bigint | undefined {
    const local = this.parseLocal(text);
    return local && BigInt(local.seconds) * 1_000_000n + BigInt(local.fields.micros ?? 0);
  }

  private parseLocal(text: string): { seconds: number; fields: Fields } | undefined {
    const fields = this.parse(text);
    const days = fields && daysOf(fields);
    if (fields === undefined || days === undefined) return undefined;
    const hour = fields.hour ?? (fields.hour12 ?? 0) + (fields.pm ? 12 : 0);
    return { seconds: days * 86_400 + hour * 3600 + (fields.minute ?? 0) * 60 + (fields.second ?? 0), fields };
  }

  private parse(text: string): Fields | undefined {
    const match = this.regex.exec(text);
    if (!match) return undefined;
    const fields: Fields = {};
    for (let k = 0; k < this.letters.length; k++) {
      const part = match[k + 1];
      if (part !== undefined && !readField(this.letters[k], part, fields)) return undefined;
    }
    return fields;
  }

  /** Text of a moment as seen in `zone`. */
  format(micros: bigint, zone: TimeZone): string {
    const epoch = Number(floorDiv(micros, 1_000_000n));
    const offset = zone.offsetAt(epoch);
    const local = epoch + offset;
    const days = Math.floor(local / 86_400);
    const moment = {
      days,
      time: local - days * 86_400,
      micros: Number(micros - BigInt(epoch) * 1_000_000n),
      offset,
      zone,
    };
    return this.items.map((item) => formatItem(item, moment)).join("");
  }

  formatDate(days: number): string {
    const moment = { days, time: 0, micros: 0, offset: 0, zone: undefined };
    return this.items.map((item) => formatItem(item, moment)).join("");
  }
}

const FIELD = /[A-Za-z]/;
const SUPPORTED = /[GyuMLdDEahHkKmsSVzOXxZ]/;

function itemsOf(pattern: string): Item[] {
  const items: Item[] = [];
  for (let i = 0; i < pattern.length;) {
    const c = pattern[i];
    if (c === "'") {
      const end = pattern.indexOf("'", i + 1);
      if (end < 0) throw badPattern(pattern, "a quote is not closed");
      items.push({ kind: "literal", text: end === i + 1 ? "'" : pattern.slice(i + 1, end) });
      i = end + 1;
    } else if (c === "[" || c === "]") {
      items.push({ kind: c === "[" ? "open" : "close" });
      i++;
    } else if (FIELD.test(c)) {
      if (!SUPPORTED.test(c)) throw badPattern(pattern, `letter ${c}`);
      let end = i;
      while (pattern[end] === c) end++;
      items.push({ kind: "field", letter: c, count: end - i });
      i = end;
    } else {
      items.push({ kind: "literal", text: c });
      i++;
    }
  }
  return items;
}

const badPattern = (pattern: string, reason: string): IllegalArgumentException =>
  new IllegalArgumentException(`Unrecognized datetime pattern: ${pattern} (${reason}).`, {
    condition: "INVALID_DATETIME_PATTERN.WITH_SUGGESTION",
    sqlState: "22007",
    parameters: { pattern, docroot: "https://spark.apache.org/docs/latest" },
  });

const OFFSETS: Readonly<Record<number, string>> = {
  1: "[+-]\\d{2}(?:\\d{2})?",
  2: "[+-]\\d{4}",
  3: "[+-]\\d{2}:\\d{2}",
  4: "[+-]\\d{4}(?:\\d{2})?",
  5: "[+-]\\d{2}:\\d{2}(?::\\d{2})?",
};

function regexOf(item: Item, at: number, items: readonly Item[]): string {
  if (item.kind === "open" || item.kind === "close") return item.kind === "open" ? "(?:" : ")?";
  if (item.kind === "literal") return item.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const { letter, count } = item;
  switch (letter) {
    case "y":
    case "u": {
      if (count === 2) return "(\\d{2})";
      const next = items[at + 1];
      const adjacent = next?.kind === "field" && /[MdDHhKkmsS]/.test(next.letter) && next.count < 3;
      return adjacent ? `(\\d{${count}})` : `(-?\\d{${count}}|[+-]\\d{${count + 1},10})`;
    }
    case "M":
    case "L":
      if (count === 3) return `(${shorten(MONTHS).join("|")})`;
      if (count >= 4) return `(${MONTHS.join("|")})`;
      return count === 2 ? "(\\d{2})" : "(\\d{1,2})";
    case "E":
      return `(${(count >= 4 ? WEEKDAYS : shorten(WEEKDAYS)).join("|")})`;
    case "D":
      return `(\\d{${count},3})`;
    case "S":
      return `(\\d{1,${count}})`;
    case "a":
      return "(AM|PM)";
    case "G":
      return "(AD|BC|Anno Domini|Before Christ)";
    case "X":
      return `(Z|${OFFSETS[count]})`;
    case "x":
      return `(${OFFSETS[count]})`;
    case "Z":
      return count === 5 ? `(Z|${OFFSETS[5]})` : count === 4 ? "(GMT(?:[+-]\\d{2}:\\d{2})?)" : "([+-]\\d{4})";
    case "O":
      return "(GMT(?:[+-]\\d{1,2}(?::\\d{2})?)?)";
    case "V":
    case "z":
      return "([A-Za-z][A-Za-z0-9_/+:-]*|[+-]\\d{2}:?\\d{2})";
    default:
      return count === 2 ? "(\\d{2})" : "(\\d{1,2})";
  }
}

const indexIn = (names: readonly string[], text: string): number =>
  names.findIndex((name) => name.slice(0, 3).toLowerCase() === text.slice(0, 3).toLowerCase());

/** False when the value is out of range. */
function readField({ letter, count }: { letter: string; count: number }, text: string, fields: Fields): boolean {
  const n = Number(text);
  switch (letter) {
    case "y":
    case "u":
      fields.year = count === 2 ? 2000 + n : n;
      return true;
    case "M":
    case "L":
      fields.month = count >= 3 ? indexIn(MONTHS, text) + 1 : n;
      return true;
    case "d":
      fields.day = n;
      return true;
    case "D":
      fields.dayOfYear = n;
      return true;
    case "H":
      fields.hour = n;
      return n < 24;
    case "k":
      fields.hour = n % 24;
      return n >= 1 && n <= 24;
    case "h":
      fields.hour12 = n % 12;
      return n >= 1 && n <= 12;
    case "K":
      fields.hour12 = n;
      return n < 12;
    case "a":
      fields.pm = text.toUpperCase() === "PM";
      return true;
    case "m":
      fields.minute = n;
      return n < 60;
    case "s":
      fields.second = n;
      return n < 60;
    case "S":
      fields.micros = Math.floor(Number(text.padEnd(9, "0").slice(0, 9)) / 1000);
      return true;
    case "X":
    case "x":
    case "Z":
    case "O":
    case "V":
    case "z":
      fields.zone = findTimeZone(text === "z" ? "Z" : text);
      return fields.zone !== undefined;
    default:
      return true;
  }
}

/** Parts that a text lacks are those of 1970-01-01, as in Spark. */
function daysOf(fields: Fields): number | undefined {
  const year = fields.year ?? 1970;
  if (fields.dayOfYear !== undefined && fields.month === undefined) {
    const days = daysFromCivil(year, 1, 1) + fields.dayOfYear - 1;
    return fields.dayOfYear >= 1 && civilFromDays(days).year === year ? days : undefined;
  }
  return validDate(year, fields.month ?? 1, fields.day ?? 1);
}

interface Moment {
  readonly days: number;
  readonly time: number;
  readonly micros: number;
  readonly offset: number;
  readonly zone: TimeZone | undefined;
}

const pad = (n: number, width: number): string => String(n).padStart(width, "0");

function formatItem(item: Item, moment: Moment): string {
  if (item.kind === "literal") return item.text;
  if (item.kind !== "field") return "";
  const { letter, count } = item;
  const { year, month, day } = civilFromDays(moment.days);
  const hour = Math.floor(moment.time / 3600);
  switch (letter) {
    case "y":
    case "u": {
      if (count === 2) return pad(((year % 100) + 100) % 100, 2);
      const sign = year < 0 ? "-" : count >= 4 && year >= 10 ** count ? "+" : "";
      return sign + pad(Math.abs(year), count);
    }
    case "M":
    case "L":
      return count >= 4 ? MONTHS[month - 1] : count === 3 ? MONTHS[month - 1].slice(0, 3) : pad(month, count);
    case "d":
      return pad(day, count);
    case "D":
      return pad(moment.days - daysFromCivil(year, 1, 1) + 1, count);
    case "E": {
      const name = WEEKDAYS[(((moment.days + 4) % 7) + 7) % 7];
      return count >= 4 ? name : name.slice(0, 3);
    }
    case "a":
      return hour < 12 ? "AM" : "PM";
    case "G":
      return year > 0 ? "AD" : "BC";
    case "H":
      return pad(hour, count);
    case "k":
      return pad(hour || 24, count);
    case "h":
      return pad(hour % 12 || 12, count);
    case "K":
      return pad(hour % 12, count);
    case "m":
      return pad(Math.floor(moment.time / 60) % 60, count);
    case "s":
      return pad(moment.time % 60, count);
    case "S":
      return pad(moment.micros, 6).padEnd(count, "0").slice(0, count);
    default:
      return formatZone(letter, count, moment);
  }
}

function formatZone(letter: string, count: number, { offset, zone }: Moment): string {
  if (letter === "V" || letter === "z") return zone?.id ?? "UTC";
  if (letter === "X" && offset === 0) return "Z";
  if (letter === "Z" && count === 5 && offset === 0) return "Z";
  const size = Math.abs(offset);
  const sign = offset < 0 ? "-" : "+";
  const [hours, minutes, seconds] = [Math.floor(size / 3600), Math.floor(size / 60) % 60, size % 60];
  if (letter === "O" || (letter === "Z" && count === 4)) {
    return offset === 0
      ? "GMT"
      : `GMT${sign}${letter === "O" ? hours : pad(hours, 2)}${minutes || letter === "Z" ? `:${pad(minutes, 2)}` : ""}`;
  }
  const form = letter === "Z" ? (count === 5 ? 5 : 2) : count;
  const colon = form === 3 || form === 5 ? ":" : "";
  const tail = form === 1 && minutes === 0 ? "" : `${colon}${pad(minutes, 2)}`;
  return `${sign}${pad(hours, 2)}${tail}${form >= 4 && seconds ? `${colon}${pad(seconds, 2)}` : ""}`;
}
