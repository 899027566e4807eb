import {
  DatePattern,
  parseDate,
  parseTimestamp,
  parseTimestampNTZ,
  timeZone,
  type TimeZone,
} from "../../common/index.js";

export interface DateTimeFormats {
  readonly dateFormat: string | undefined;
  readonly timestampFormat: string | undefined;
  readonly timestampNTZFormat: string | undefined;
}

/** How dates and timestamps are read: by the patterns that were given, else as a cast reads them. */
export interface DateTimeParsers {
  readonly zone: TimeZone;
  date(text: string): number | undefined;
  timestamp(text: string): bigint | undefined;
  timestampNTZ(text: string): bigint | undefined;
  /** For inference a date must follow `yyyy-MM-dd` exactly when no pattern is given. */
  strictDate(text: string): number | undefined;
}

export function dateTimeParsers(formats: DateTimeFormats, zoneId: string): DateTimeParsers {
  const zone = timeZone(zoneId);
  const { dateFormat, timestampFormat, timestampNTZFormat } = formats;
  const date = dateFormat === undefined ? undefined : new DatePattern(dateFormat);
  const strict = date ?? new DatePattern("yyyy-MM-dd");
  const timestamp = timestampFormat === undefined ? undefined : new DatePattern(timestampFormat);
  const ntz = timestampNTZFormat === undefined ? undefined : new DatePattern(timestampNTZFormat);
  return {
    zone,
    date: date ? (text) => date.parseDate(text) : parseDate,
    strictDate: (text) => strict.parseDate(text),
    timestamp: timestamp ? (text) => timestamp.parseTimestamp(text, zone) : (text) => parseTimestamp(text, zone),
    timestampNTZ: ntz ? (text) => ntz.parseLocalTimestamp(text) : (text) => parseTimestampNTZ(text, false),
  };
}
