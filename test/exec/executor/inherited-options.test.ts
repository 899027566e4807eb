import { expect, it } from "vitest";
import { inheritedOptions } from "../../../src/exec/executor/inherited-options.js";

it("are those that load modules, never the program itself", () => {
  expect(
    inheritedOptions([
      "--input-type=module",
      "-e",
      "program()",
      "--import",
      "tsx",
      "--import=file:///loader.mjs",
      "--inspect-brk=9229",
      "--conditions",
      "development",
      "-p",
      "1",
    ]),
  ).toEqual(["--import", "tsx", "--import=file:///loader.mjs", "--conditions", "development"]);
});
