import { JavaRegex } from "../../../common/index.js";
import { defineFunction, takes } from "../../expressions/index.js";
import { ArrayType, integerType, stringType } from "../../types/index.js";

export const splitText = defineFunction({
  kind: "scalar",
  names: ["split"],
  doc: "The parts of a text between matches of a Java regular expression; at most so many, if a limit above 0 is given.",
  signature: takes([stringType, stringType, integerType], new ArrayType(stringType, false), { optional: 1 }),
  eval() {
    const known = new Map<string, JavaRegex>();
    return (text: string, pattern: string, limit = -1) => {
      // The empty pattern gives single characters without an empty text at the end (SPARK-40194).
      if (pattern === "" && text !== "") {
        const characters = [...text];
        return limit > 0 && limit < characters.length
          ? [...characters.slice(0, limit - 1), characters.slice(limit - 1).join("")]
          : characters;
      }
      let regex = known.get(pattern);
      if (!regex) known.set(pattern, (regex = new JavaRegex(pattern)));
      return regex.split(text, limit <= 0 ? -1 : limit);
    };
  },
});
