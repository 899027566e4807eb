export * from "./calendar.js";
export * from "./time-zone.js";
export * from "./parse-datetime.js";
export * from "./datetime-pattern.js";
