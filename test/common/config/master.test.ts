import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { localThreads, parseMaster } from "../../../src/common/index.js";

describe("a master URL", () => {
  it("names threads and failures", () => {
    expect(parseMaster("local")).toEqual({ kind: "local", threads: 1, maxFailures: 1 });
    expect(parseMaster("local[3]")).toEqual({ kind: "local", threads: 3, maxFailures: 1 });
    expect(parseMaster("local[3,4]")).toEqual({ kind: "local", threads: 3, maxFailures: 4 });
    expect(parseMaster("local[*, 2]")).toEqual({ kind: "local", threads: availableParallelism(), maxFailures: 2 });
  });

  it("names executors, cores and memory", () => {
    expect(parseMaster("local-cluster[2, 1, 512]")).toEqual({
      kind: "local-cluster",
      executors: 2,
      coresPerExecutor: 1,
      memoryPerExecutor: 512 * 2 ** 20,
    });
    expect(localThreads("local-cluster[2,3,512]")).toBe(6);
  });

  it.each(["bogus", "local[x]", "local[0]", "local-cluster[1,2]", "local[-1]"])("refuses %s", (master) => {
    expect(() => parseMaster(master)).toThrow(/spark\.master/);
  });
});
