import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { afterAll, expect, it } from "vitest";
import { testContext } from "../test-context.js";

const sc = testContext();
const leftovers = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("kindling-pipe-"));
const before = new Set(leftovers());
afterAll(() => expect(leftovers().filter((name) => !before.has(name))).toEqual([]));

it("prints elements as Java does", async () => {
  const rdd = sc.parallelize<unknown>([1.5, 2, null, ["k", [1, true]]], 1);
  expect(await rdd.pipe("cat").collect()).toEqual(["1.5", "2", "null", "(k,(1,true))"]);
});
it("takes lines as they come from a command that never ends", async () => {
  expect(await sc.parallelize([1], 1).pipe("yes").take(3)).toEqual(["y", "y", "y"]);
});
it("carries more than a pipe holds, both ways", async () => {
  const rdd = sc.range(0, 200_000, 1, 2).pipe("cat");
  expect(await rdd.count()).toBe(200_000);
});
it("names the status and the command that failed; accepts it when told so", async () => {
  const failing = (checkCode: boolean): Promise<string[]> =>
    sc.parallelize(["x"], 1).pipe(["sh", "-c", "echo out; exit 3"], {}, checkCode).collect();
  await expect(failing(true)).rejects.toMatchObject({
    name: "SparkException",
    cause: {
      name: "IllegalStateException",
      message: "Subprocess exited with status 3. Command ran: sh -c echo out; exit 3",
    },
  });
  expect(await failing(false)).toEqual(["out"]);
});
it("says that a program is not there", async () => {
  await expect(sc.parallelize(["x"], 1).pipe("no-such-program-here").collect()).rejects.toThrow(
    /Cannot run program "no-such-program-here"/,
  );
});
it("lets functions print what goes in", async () => {
  const piped = sc.parallelize([["a", "b"], ["c"]], 1).pipe("cat", {}, true, {
    printPipeContext: (print) => print("head"),
    printRDDElement: (element, print) => {
      for (const part of element) print(`<${part}>`);
    },
  });
  expect(await piped.collect()).toEqual(["head", "<a>", "<b>", "<c>"]);
});
it("an empty command is refused", () => {
  expect(() => sc.parallelize([1]).pipe("  ")).toThrow(/empty/);
});
