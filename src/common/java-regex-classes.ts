/** Character sets of Java's `Pattern` as the inside of a class of a JavaScript expression with the `v` flag. */

export const SPACE = "\\t\\n\\v\\f\\r\\u{20}";
export const WORD = "a-zA-Z_0-9";
export const DIGIT = "0-9";
export const HORIZONTAL = "\\u{20}\\t\\u{A0}\\u{1680}\\u{180E}\\u{2000}-\\u{200A}\\u{202F}\\u{205F}\\u{3000}";
export const VERTICAL = "\\n\\v\\f\\r\\u{85}\\u{2028}\\u{2029}";
export const LINE_TERMINATORS = "\\n\\r\\u{85}\\u{2028}\\u{2029}";
/** What Java 17 takes for part of a word at `\b`. */
export const BOUNDARY_WORD = "\\p{L}\\p{Nd}_";

const PUNCTUATION = "\\u{21}-\\u{2F}\\u{3A}-\\u{40}\\u{5B}-\\u{60}\\u{7B}-\\u{7E}";

const posix: Readonly<Record<string, string>> = {
  Lower: "a-z",
  Upper: "A-Z",
  ASCII: "\\u{0}-\\u{7F}",
  Alpha: "a-zA-Z",
  Digit: DIGIT,
  Alnum: "a-zA-Z0-9",
  Punct: PUNCTUATION,
  Graph: "\\u{21}-\\u{7E}",
  Print: "\\u{20}-\\u{7E}",
  Blank: "\\u{20}\\t",
  Cntrl: "\\u{0}-\\u{1F}\\u{7F}",
  XDigit: "0-9a-fA-F",
  Space: SPACE,
};

const javaMethods: Readonly<Record<string, string>> = {
  javaLowerCase: "\\p{Lowercase}",
  javaUpperCase: "\\p{Uppercase}",
  javaTitleCase: "\\p{Lt}",
  javaAlphabetic: "\\p{Alphabetic}",
  javaIdeographic: "\\p{Ideographic}",
  javaDigit: "\\p{Nd}",
  javaDefined: "\\P{Cn}",
  javaLetter: "\\p{L}",
  javaLetterOrDigit: "\\p{L}\\p{Nd}",
  javaSpaceChar: "\\p{Z}",
  javaWhitespace: "[[\\p{Z}\\t\\n\\v\\f\\r\\u{1C}-\\u{1F}]--[\\u{A0}\\u{2007}\\u{202F}]]",
  javaISOControl: "\\u{0}-\\u{1F}\\u{7F}-\\u{9F}",
  javaMirrored: "\\p{Bidi_Mirrored}",
};

const binary: Readonly<Record<string, string>> = {
  ALPHABETIC: "\\p{Alphabetic}",
  LETTER: "\\p{L}",
  IDEOGRAPHIC: "\\p{Ideographic}",
  LOWERCASE: "\\p{Lowercase}",
  UPPERCASE: "\\p{Uppercase}",
  TITLECASE: "\\p{Lt}",
  WHITE_SPACE: "\\p{White_Space}",
  WHITESPACE: "\\p{White_Space}",
  CONTROL: "\\p{Cc}",
  PUNCTUATION: "\\p{P}",
  HEX_DIGIT: "\\p{Nd}a-fA-F\\u{FF21}-\\u{FF26}\\u{FF41}-\\u{FF46}",
  HEXDIGIT: "\\p{Nd}a-fA-F\\u{FF21}-\\u{FF26}\\u{FF41}-\\u{FF46}",
  ASSIGNED: "\\P{Cn}",
  NONCHARACTER_CODE_POINT: "\\p{Noncharacter_Code_Point}",
  DIGIT: "\\p{Nd}",
  ALNUM: "\\p{Alphabetic}\\p{Nd}",
  BLANK: "\\p{Zs}\\t",
  GRAPH: "[[\\p{Any}]--[\\p{White_Space}\\p{Cc}\\p{Cs}\\p{Cn}]]",
  PRINT: "[[\\p{Any}]--[[\\p{White_Space}--\\p{Zs}]\\p{Cc}\\p{Cs}\\p{Cn}]]",
  WORD: "\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}",
  JOIN_CONTROL: "\\p{Join_Control}",
  JOINCONTROL: "\\p{Join_Control}",
  EMOJI: "\\p{Emoji}",
  EMOJI_PRESENTATION: "\\p{Emoji_Presentation}",
  EMOJI_MODIFIER: "\\p{Emoji_Modifier}",
  EMOJI_MODIFIER_BASE: "\\p{Emoji_Modifier_Base}",
  EMOJI_COMPONENT: "\\p{Emoji_Component}",
  EXTENDED_PICTOGRAPHIC: "\\p{Extended_Pictographic}",
};

const combinedCategories: Readonly<Record<string, string>> = {
  LC: "\\p{Lu}\\p{Ll}\\p{Lt}",
  LD: "\\p{L}\\p{Nd}",
  L1: "\\u{0}-\\u{FF}",
  all: "\\p{Any}",
};

const accepts = (property: string): boolean => {
  try {
    new RegExp(`[${property}]`, "v");
    return true;
  } catch {
    return false;
  }
};

function category(name: string): string | undefined {
  if (name in combinedCategories) return combinedCategories[name];
  const property = `\\p{gc=${name}}`;
  return /^[A-Z][a-z]?$/.test(name) && accepts(property) ? property : undefined;
}

function script(name: string): string | undefined {
  const proper = name.toLowerCase().replace(/(^|_)[a-z]/g, (s) => s.toUpperCase());
  const property = `\\p{Script=${proper}}`;
  return accepts(property) ? property : undefined;
}

const CASED = new Set(["\\p{gc=Lu}", "\\p{gc=Ll}", "\\p{gc=Lt}"]);

/**
 * The set that `\p{name}` stands for, or undefined when Java has no such property or it cannot be expressed.
 * `foldCase`: the expression ignores case, which widens the properties that are about case (JDK-8214245).
 */
export function propertyClass(name: string, foldCase: boolean, unicodeClasses: boolean): string | undefined {
  const set = lookUp(name, unicodeClasses);
  if (!foldCase || set === undefined) return set;
  if (set === posix.Lower || set === posix.Upper) return posix.Alpha;
  if (CASED.has(set)) return combinedCategories.LC;
  return set;
}

function lookUp(name: string, unicodeClasses: boolean): string | undefined {
  const assignment = /^([A-Za-z_]+)=(.+)$/.exec(name);
  if (assignment) {
    const key = assignment[1].toLowerCase();
    if (key === "sc" || key === "script") return script(assignment[2]);
    if (key === "gc" || key === "general_category") return category(assignment[2]);
    return undefined;
  }
  if (name in posix) {
    const unicode = unicodeClasses ? binary[unicodeNames[name] ?? name.toUpperCase()] : undefined;
    return unicode ?? posix[name];
  }
  if (name in javaMethods) return javaMethods[name];
  if (name.startsWith("Is")) {
    const rest = name.slice(2);
    return binary[rest.toUpperCase()] ?? category(rest) ?? script(rest);
  }
  return category(name);
}

const unicodeNames: Readonly<Record<string, string>> = {
  Alpha: "ALPHABETIC",
  Lower: "LOWERCASE",
  Upper: "UPPERCASE",
  Punct: "PUNCTUATION",
  Cntrl: "CONTROL",
  XDigit: "HEX_DIGIT",
  Space: "WHITE_SPACE",
};
