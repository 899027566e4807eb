import { civilFromDays, daysFromCivil, validDate } from "./civil-date.js";
import { floorDiv } from "./date-text.js";
import { SparkRuntimeException } from "./errors.js";
import { findTimeZone, localToEpoch, type TimeZone, timeZone } from "./time-zone.js";

type Token =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "field"; readonly letter: string; readonly count: number }
  | { readonly kind: "open" | "close" };

/**
 * A pattern of Java's `DateTimeFormatter` with the letters that Spark allows (G y M L d D Q q E F a h H k K m s S V z O X x Z),
 * e.g. `yyyy-MM-dd HH:mm:ss`. The constructor throws Spark's error for one that is not allowed.
 */
export class DatePattern {
  private readonly tokens: readonly Token[];
  private readonly read: (text: string) => Parsed | undefined;

  constructor(readonly pattern: string) {
    this.tokens = tokenize(pattern);
    this.read = reader(this.tokens);
  }

  /** Days since 1970-01-01, or undefined when the text does not follow the pattern. */
  parseDate(text: string): number | undefined {
    return this.read(text)?.days;
  }

  /** Microseconds since 1970 UTC; `zone` applies where the text names none. */
  parseTimestamp(text: string, zone: TimeZone): bigint | undefined {
    const parsed = this.read(text);
    if (!parsed) return undefined;
    const seconds = localToEpoch(parsed.days * 86_400 + parsed.seconds, parsed.zone ?? zone);
    return BigInt(seconds) * 1_000_000n + BigInt(parsed.micros);
  }

  /** Microseconds of the local date and time, whatever zone the text names. */
  parseLocalTimestamp(text: string): bigint | undefined {
    const parsed = this.read(text);
    return parsed && BigInt(parsed.days * 86_400 + parsed.seconds) * 1_000_000n + BigInt(parsed.micros);
  }

  /** Text of a moment as seen in `zone`. */
  format(micros: bigint, zone: TimeZone): string {
    const epoch = Number(floorDiv(micros, 1_000_000n));
    const local = epoch + zone.offsetAt(epoch);
    const days = Math.floor(local / 86_400);
    return format(this.tokens, {
      days,
      time: local - days * 86_400,
      micros: Number(micros - BigInt(epoch) * 1_000_000n),
      epoch,
      zone,
    });
  }

  formatDate(days: number): string {
    return format(this.tokens, { days, time: 0, micros: 0, epoch: days * 86_400, zone: timeZone("UTC") });
  }
}

/** What a text says: the local date, seconds of the day, microseconds, and the zone if it names one. */
interface Parsed {
  readonly days: number;
  readonly seconds: number;
  readonly micros: number;
  readonly zone: TimeZone | undefined;
}

interface Moment {
  readonly days: number;
  /** Seconds of the day. */
  readonly time: number;
  readonly micros: number;
  readonly epoch: number;
  readonly zone: TimeZone;
}

const MAX_COUNT: Readonly<Record<string, number>> = {
  ...{ G: 4, y: 6, M: 4, L: 4, d: 2, D: 3, Q: 4, q: 4, E: 4, F: 1, a: 1, h: 2, H: 2, K: 2, k: 2 },
  ...{ m: 2, s: 2, S: 9, V: 2, z: 4, O: 4, X: 5, x: 5, Z: 5 },
};

function tokenize(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < pattern.length;) {
    const c = pattern[i];
    if (c === "'") {
      let end = i + 1;
      let text = "";
      for (; end < pattern.length; end++) {
        if (pattern[end] !== "'") text += pattern[end];
        else if (pattern[end + 1] === "'") text += pattern[end++];
        else break;
      }
      if (end >= pattern.length) throw invalid(pattern);
      tokens.push({ kind: "text", text: text || "'" });
      i = end + 1;
    } else if (/[A-Za-z]/.test(c)) {
      let end = i;
      while (pattern[end] === c) end++;
      const count = end - i;
      const odd = (c === "O" && count !== 1 && count !== 4) || (c === "V" && count !== 2);
      if (!(count <= (MAX_COUNT[c] ?? 0)) || odd) throw invalid(pattern);
      tokens.push({ kind: "field", letter: c, count });
      i = end;
    } else {
      if (c === "[") tokens.push({ kind: "open" });
      else if (c === "]") tokens.push({ kind: "close" });
      else if ("{}#".includes(c)) throw invalid(pattern);
      else tokens.push({ kind: "text", text: c });
      i++;
    }
  }
  return tokens;
}

/** Letters that the formatter of Spark 2 knew: a pattern of those alone was legal once, and the error says so. */
const LEGACY = /^(?:'[^']*'|[^A-Za-z']|[GyYMLwWDdFEuaHkKhmsSzZX])*$/;

function invalid(pattern: string): SparkRuntimeException {
  const parameters = { pattern, docroot: "https://spark.apache.org/docs/latest" };
  if (LEGACY.test(pattern)) {
    return new SparkRuntimeException(
      `You may get a different result due to the upgrading to Spark >= 3.0: fail to recognize '${pattern}' pattern in the DateTimeFormatter.`,
      {
        condition: "INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION",
        sqlState: "42K0B",
        parameters: { ...parameters, config: '"spark.sql.legacy.timeParserPolicy"' },
      },
    );
  }
  return new SparkRuntimeException(`Unrecognized datetime pattern: ${pattern}. Illegal pattern character.`, {
    condition: "INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER",
    sqlState: "22007",
    parameters,
  });
}

/** 0 Monday to 6 Sunday. */
const weekday = (days: number): number => (((days + 3) % 7) + 7) % 7;
const two = (n: number): string => String(n).padStart(2, "0");

const MONTHS = "January February March April May June July August September October November December".split(" ");
const DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(" ");
const QUARTERS = ["1st quarter", "2nd quarter", "3rd quarter", "4th quarter"];

function format(tokens: readonly Token[], moment: Moment): string {
  const { days, time, micros, zone } = moment;
  const date = civilFromDays(days);
  const hour = Math.floor(time / 3600);
  const era = tokens.some((token) => token.kind === "field" && token.letter === "G");
  return tokens
    .map((token) =>
      token.kind === "text" ? token.text : token.kind === "field" ? field(token.letter, token.count) : "",
    )
    .join("");

  function field(letter: string, count: number): string {
    const pad = (n: number): string => String(n).padStart(count, "0");
    switch (letter) {
      case "G":
        return count === 4 ? (date.year > 0 ? "Anno Domini" : "Before Christ") : date.year > 0 ? "AD" : "BC";
      case "y": {
        // Without an era Spark counts years through zero to negative ones.
        const year = era && date.year <= 0 ? 1 - date.year : date.year;
        if (count === 2) return two(((year % 100) + 100) % 100);
        const sign = year < 0 ? "-" : count >= 4 && year >= 10 ** count ? "+" : "";
        return `${sign}${pad(Math.abs(year))}`;
      }
      case "M":
      case "L":
        return count < 3 ? pad(date.month) : named(MONTHS[date.month - 1], count);
      case "d":
        return pad(date.day);
      case "D":
        return pad(days - daysFromCivil(date.year, 1, 1) + 1);
      case "Q":
      case "q": {
        const quarter = Math.floor((date.month + 2) / 3);
        return count < 3 ? pad(quarter) : count === 3 ? `Q${quarter}` : QUARTERS[quarter - 1];
      }
      case "E":
        return named(DAYS[weekday(days)], Math.max(3, count));
      case "F":
        return String(((date.day - 1) % 7) + 1);
      case "a":
        return hour < 12 ? "AM" : "PM";
      case "h":
        return pad(hour % 12 || 12);
      case "K":
        return pad(hour % 12);
      case "k":
        return pad(hour || 24);
      case "H":
        return pad(hour);
      case "m":
        return pad(Math.floor(time / 60) % 60);
      case "s":
        return pad(time % 60);
      case "S":
        return String(micros).padStart(6, "0").padEnd(9, "0").slice(0, count);
      case "V":
        return zone.id;
      case "z":
        return zoneName(moment, count);
      default:
        return offsetText(letter, count, zone.offsetAt(moment.epoch));
    }
  }
}

const named = (name: string, count: number): string => (count === 3 ? name.slice(0, 3) : name);

/** Zones that are an offset have no other name than their id. */
function zoneName({ zone, epoch }: Moment, count: number): string {
  if (!zone.id.includes("/")) return zone.id;
  const style = count === 4 ? "long" : "short";
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone.id, timeZoneName: style });
  return format.formatToParts(epoch * 1000).find((part) => part.type === "timeZoneName")?.value ?? zone.id;
}

function offsetText(letter: string, count: number, offset: number): string {
  const sign = offset < 0 ? "-" : "+";
  const total = Math.abs(offset);
  const [h, m, s] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  if (letter === "O" || (letter === "Z" && count === 4)) {
    if (offset === 0) return "GMT";
    const seconds = s ? `:${two(s)}` : "";
    if (letter === "O" && count === 1) return `GMT${sign}${h}${m || s ? `:${two(m)}` : ""}${seconds}`;
    return `GMT${sign}${two(h)}:${two(m)}${seconds}`;
  }
  const zulu = letter === "X" || (letter === "Z" && count === 5);
  if (zulu && offset === 0) return "Z";
  const width = letter === "Z" ? (count === 5 ? 5 : 2) : count;
  const colon = width === 3 || width === 5 ? ":" : "";
  let text = `${sign}${two(h)}`;
  if (width > 1 || m) text += `${colon}${two(m)}`;
  if (width > 3 && s) text += `${colon}${two(s)}`;
  return text;
}

const NUMBERS = "yMLdDQqhHKkmsSF";

/** Parses by one regular expression; each field has a group `letter_position`. */
function reader(tokens: readonly Token[]): (text: string) => Parsed | undefined {
  let regex: RegExp | undefined;
  const source = (): string =>
    tokens
      .map((token, i) => {
        switch (token.kind) {
          case "text":
            return token.text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
          case "open":
            return "(?:";
          case "close":
            return ")?";
          case "field":
            return `(?<${token.letter}_${i}>${fieldSource(token.letter, token.count, isNumber(tokens[i + 1]))})`;
        }
      })
      .join("");
  return (text) => {
    regex ??= new RegExp(`^${source()}$`, "isu");
    const groups = regex.exec(text)?.groups;
    if (!groups) return undefined;
    const fields: Record<string, string> = {};
    for (const [name, value] of Object.entries(groups)) if (value !== undefined) fields[name.split("_")[0]] = value;
    return assemble(fields);
  };
}

const isNumber = (token: Token | undefined): boolean =>
  token?.kind === "field" && NUMBERS.includes(token.letter) && !("MLQq".includes(token.letter) && token.count >= 3);

function fieldSource(letter: string, count: number, numberFollows: boolean): string {
  switch (letter) {
    case "y":
      if (count === 2 || numberFollows) return `\\d{${count}}`;
      return count < 4 ? `[+-]?\\d{${count},19}` : `\\d{${count}}|\\+\\d{${count + 1},19}|-\\d{${count},19}`;
    case "M":
    case "L":
      if (count >= 3) return MONTHS.map((month) => named(month, count)).join("|");
      break;
    case "E":
      return DAYS.map((day) => named(day, Math.max(3, count))).join("|");
    case "G":
      return count === 4 ? "Anno Domini|Before Christ" : "AD|BC";
    case "a":
      return "AM|PM";
    case "Q":
    case "q":
      if (count >= 3) return count === 3 ? "Q[1-4]" : QUARTERS.join("|");
      break;
    case "S":
      return numberFollows ? `\\d{${count}}` : `\\d{1,${count}}`;
    case "V":
    case "z":
      return "[A-Za-z][A-Za-z0-9~/._+-]*|[+-]\\d{2}(?::?\\d{2}){0,2}";
    case "O":
      return "GMT(?:[+-]\\d{1,2}(?::\\d{2}){0,2})?";
    case "Z":
      if (count === 4) return "GMT(?:[+-]\\d{2}:\\d{2}(?::\\d{2})?)?";
      return count === 5 ? "Z|[+-]\\d{2}:\\d{2}(?::\\d{2})?" : "[+-]\\d{4}";
    case "X":
    case "x": {
      const colon = count === 3 || count === 5 ? ":" : "";
      const minutes = count === 1 ? "(?:\\d{2})?" : `${colon}\\d{2}`;
      const seconds = count > 3 ? `(?:${colon}\\d{2})?` : "";
      return `${letter === "X" ? "Z|" : ""}[+-]\\d{2}${minutes}${seconds}`;
    }
  }
  return count === 1 && !numberFollows ? "\\d{1,19}" : `\\d{${count}}`;
}

function assemble(f: Readonly<Record<string, string>>): Parsed | undefined {
  const number = (letter: string): number => Number(f[letter] ?? 0);
  let year = Number(f.y ?? 1970);
  if (f.y?.length === 2) year += 2000;
  if (f.G?.toUpperCase().startsWith("B")) year = 1 - year;
  const days = daysOf(year, f);
  if (days === undefined) return undefined;
  if (f.E !== undefined && !startsWith(DAYS[weekday(days)], f.E)) return undefined;
  const hour = hourOf(f);
  if (hour === undefined || number("m") > 59 || number("s") > 59) return undefined;
  const seconds = hour * 3600 + number("m") * 60 + number("s");
  const micros = Number((f.S ?? "").padEnd(6, "0").slice(0, 6));
  const id = f.V ?? f.z ?? f.O ?? f.X ?? f.x ?? f.Z;
  if (id === undefined) return { days, seconds, micros, zone: undefined };
  const zone = findTimeZone(id === "z" ? "Z" : id);
  return zone && { days, seconds, micros, zone };
}

const startsWith = (name: string, start: string): boolean => name.toLowerCase().startsWith(start.toLowerCase());

function daysOf(year: number, f: Readonly<Record<string, string>>): number | undefined {
  if (f.D !== undefined && f.M === undefined && f.L === undefined) {
    const days = daysFromCivil(year, 1, 1) + Number(f.D) - 1;
    return Number(f.D) >= 1 && civilFromDays(days).year === year ? days : undefined;
  }
  const text = f.M ?? f.L;
  const quarter = f.Q ?? f.q;
  const fromQuarter = quarter === undefined ? 1 : 3 * Number(/\d/.exec(quarter)![0]) - 2;
  const byName = text === undefined ? -1 : MONTHS.findIndex((month) => startsWith(month, text));
  const month = text === undefined ? fromQuarter : /^\d/.test(text) ? Number(text) : byName + 1;
  return validDate(year, month, Number(f.d ?? 1));
}

function hourOf(f: Readonly<Record<string, string>>): number | undefined {
  const pm = f.a?.toUpperCase() === "PM";
  if (f.H !== undefined) return Number(f.H) < 24 ? Number(f.H) : undefined;
  if (f.k !== undefined) return Number(f.k) >= 1 && Number(f.k) <= 24 ? Number(f.k) % 24 : undefined;
  const half = f.h ?? f.K;
  if (half === undefined) return pm ? 12 : 0;
  const hour = Number(half);
  if (f.h !== undefined ? hour < 1 || hour > 12 : hour > 11) return undefined;
  return (hour % 12) + (pm ? 12 : 0);
}
