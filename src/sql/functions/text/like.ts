import { AnalysisException } from "../../../common/index.js";
import { defineFunction, type ScalarFunction, takes } from "../../expressions/index.js";
import { booleanType, stringType } from "../../types/index.js";

/** The regular expression of a LIKE pattern. */
function likeRegExp(pattern: string, escape: string, flags: string): RegExp {
  let source = "";
  const characters = [...pattern];
  for (let i = 0; i < characters.length; i++) {
    let c = characters[i];
    if (c === escape) {
      c = characters[++i];
      if (c === undefined)
        throw invalidFormat("ESC_AT_THE_END", pattern, "the escape character is not allowed to end with.");
      if (c !== "_" && c !== "%" && c !== escape) {
        throw invalidFormat("ESC_IN_THE_MIDDLE", pattern, `the escape character is not allowed to precede '${c}'.`);
      }
    } else if (c === "_") {
      source += ".";
      continue;
    } else if (c === "%") {
      source += ".*";
      continue;
    }
    source += c.replace(/[.*+?^${}()|[\]\\/-]/, "\\$&");
  }
  return new RegExp(`^${source.replaceAll("\\-", "-")}$`, `su${flags}`);
}

function invalidFormat(kind: string, pattern: string, detail: string): AnalysisException {
  return new AnalysisException(`The format is invalid: '${pattern}'; ${detail}`, {
    condition: `INVALID_FORMAT.${kind}`,
    sqlState: "42601",
    parameters: { format: `'${pattern}'` },
  });
}

const like = (name: string, doc: string, flags: string): ScalarFunction =>
  defineFunction<ScalarFunction>({
    kind: "scalar",
    names: [name],
    doc,
    signature: takes([stringType, stringType, stringType], booleanType, { optional: 1 }),
    eval() {
      const known = new Map<string, RegExp>();
      return (text: string, pattern: string, escape = "\\") => {
        if ([...escape].length !== 1) {
          throw new AnalysisException(
            `Found an invalid escape string: '${escape}'. It must contain only one character.`,
            {
              condition: "INVALID_ESC",
              sqlState: "42604",
              parameters: { invalidEscape: `'${escape}'` },
            },
          );
        }
        const key = escape + pattern;
        let regexp = known.get(key);
        if (!regexp) known.set(key, (regexp = likeRegExp(pattern, escape, flags)));
        return regexp.test(text);
      };
    },
  });

export const likePattern = like("like", "Whether a text matches a pattern with % and _.", "");
export const ilikePattern = like("ilike", "Whether a text matches a pattern with % and _, in any case.", "i");
