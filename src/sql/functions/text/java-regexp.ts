import { SparkRuntimeException } from "../../../common/index.js";

const classes: Readonly<Record<string, string>> = {
  Lower: "a-z",
  Upper: "A-Z",
  ASCII: "\\x00-\\x7F",
  Alpha: "A-Za-z",
  Digit: "0-9",
  Alnum: "A-Za-z0-9",
  Punct: "!-\\/:-@\\[-`\\{-~",
  Graph: "!-~",
  Print: " -~",
  Blank: " \\t",
  Cntrl: "\\x00-\\x1F\\x7F",
  XDigit: "0-9A-Fa-f",
  Space: "\\s",
  IsAlphabetic: "\\p{Alphabetic}",
  IsLetter: "\\p{L}",
  IsDigit: "\\p{Nd}",
  IsUppercase: "\\p{Uppercase}",
  IsLowercase: "\\p{Lowercase}",
  IsPunctuation: "\\p{P}",
  IsWhite_Space: "\\p{White_Space}",
  javaLowerCase: "\\p{Lowercase}",
  javaUpperCase: "\\p{Uppercase}",
};
const escapes: Readonly<Record<string, string>> = { h: "[ \\t\\u00A0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000]" };
const SYNTAX = "^$\\.*+?()[]{}|/";

/** JavaScript's form of a Java regular expression, for both dialects' common ground; throws a SyntaxError otherwise. */
export function javaRegExp(pattern: string, flags = ""): RegExp {
  const inline = /^\(\?([imsxu]+)\)/.exec(pattern);
  const own = new Set(flags);
  if (inline) for (const flag of inline[1]) if ("ims".includes(flag)) own.add(flag);
  own.add("u");
  return new RegExp(translate(inline ? pattern.slice(inline[0].length) : pattern, own.has("m")), [...own].join(""));
}

function translate(pattern: string, multiline: boolean): string {
  let out = "";
  let depth = 0;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i];
    if (c === "\\") {
      const next = pattern[++i];
      if (next === undefined) throw new SyntaxError("a backslash ends the pattern");
      if (next === "Q") {
        const end = pattern.indexOf("\\E", i);
        const text = pattern.slice(i + 1, end < 0 ? undefined : end);
        out += [...text].map((ch) => (SYNTAX.includes(ch) || ch === "-" ? `\\${ch}` : ch)).join("");
        i = end < 0 ? pattern.length : end + 1;
      } else if (next === "p" || next === "P") {
        const match = /^\{(\w+)\}|^(\w)/.exec(pattern.slice(i + 1));
        if (!match) throw new SyntaxError("a character class needs a name");
        i += match[0].length;
        out += characterClass(match[1] ?? match[2], next === "P", depth > 0);
      } else if (next === "A") out += multiline ? "(?<![\\s\\S])" : "^";
      else if (next === "z") out += "(?![\\s\\S])";
      else if (next === "Z") out += "(?=\\n?(?![\\s\\S]))";
      else if (next === "e") out += "\\x1B";
      else if (next === "a") out += "\\x07";
      else if (escapes[next]) out += depth > 0 ? escapes[next].slice(1, -1) : escapes[next];
      else if (next === "x" && pattern[i + 1] === "{") out += "\\u";
      else if (/[A-Za-z0-9]/.test(next) || SYNTAX.includes(next) || (next === "-" && depth > 0)) out += `\\${next}`;
      else out += next;
    } else if (depth > 0) {
      if (c === "[") {
        depth++;
        out += c;
      } else {
        if (c === "]" && pattern[i - 1] !== "[") depth--;
        out += c;
      }
    } else if (c === "[") {
      depth = 1;
      out += c;
      if (pattern[i + 1] === "^") out += pattern[++i];
      if (pattern[i + 1] === "]") {
        out += "\\]";
        i++;
      }
    } else if (c === "(" && pattern.startsWith("(?>", i)) {
      out += "(?:";
      i += 2;
    } else if ("*+?}".includes(c) && pattern[i + 1] === "+") {
      out += c;
      i++;
    } else if (c === "]" || (c === "}" && !/\{\d*,?\d*$/.test(out) && !/[\\][pPuk]\{\w+$/.test(out))) out += `\\${c}`;
    else out += c;
  }
  return out;
}

function characterClass(name: string, negated: boolean, inside: boolean): string {
  const members = classes[name];
  if (members === undefined) {
    const property = name.startsWith("Is") || name.startsWith("In") ? name.slice(2) : name;
    return `\\${negated ? "P" : "p"}{${property.length > 2 && name !== property ? `Script=${property}` : property}}`;
  }
  if (inside && !negated) return members;
  return `[${negated ? "^" : ""}${members}]`;
}

/** A function that compiles patterns and remembers the last ones; throws INVALID_PARAMETER_VALUE.PATTERN. */
export function patternCache(functionName: string, flags = ""): (pattern: string) => RegExp {
  const known = new Map<string, RegExp>();
  return (pattern) => {
    let regexp = known.get(pattern);
    if (!regexp) {
      try {
        regexp = javaRegExp(pattern, flags);
      } catch (cause) {
        throw new SparkRuntimeException(
          `The value of parameter(s) \`regexp\` in \`${functionName}\` is invalid: '${pattern}'.`,
          {
            condition: "INVALID_PARAMETER_VALUE.PATTERN",
            sqlState: "22023",
            parameters: { parameter: "`regexp`", functionName: `\`${functionName}\``, value: `'${pattern}'` },
            cause,
          },
        );
      }
      if (known.size > 1000) known.clear();
      known.set(pattern, regexp);
    }
    regexp.lastIndex = 0;
    return regexp;
  };
}
