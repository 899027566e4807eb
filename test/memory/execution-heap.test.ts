import fc from "fast-check";
import { expect, it } from "vitest";
import { allocateHeap, ExecutionHeap } from "../../src/memory/index.js";

it("regions never overlap and give everything back", () => {
  const heap = new ExecutionHeap(allocateHeap(64 * 2 ** 20));
  const empty = heap.used;
  const sizes = fc.array(fc.array(fc.nat(300_000), { maxLength: 8 }), { maxLength: 5 });
  fc.assert(
    fc.property(sizes, (regions) => {
      const taken: [number, number][] = [];
      const open = regions.map((requests) => {
        const region = heap.region();
        for (const bytes of requests) {
          const at = region.allocate(bytes);
          expect(at % 64).toBe(0);
          taken.push([at, at + bytes]);
        }
        return region;
      });
      taken.sort((a, b) => a[0] - b[0]);
      for (let i = 1; i < taken.length; i++) expect(taken[i][0]).toBeGreaterThanOrEqual(taken[i - 1][1]);
      for (const region of open) region.free();
      expect(heap.used).toBe(empty);
    }),
    { numRuns: 50 },
  );
});

it("says so when it is full, and works again after a region was freed", () => {
  const heap = new ExecutionHeap(allocateHeap(2 * 2 ** 20));
  const region = heap.region();
  expect(() => region.allocate(4 * 2 ** 20)).toThrow(/no 4194304 free bytes/);
  region.allocate(2 ** 20);
  region.free();
  expect(heap.region().allocate(2 ** 20)).toBeGreaterThan(0);
});
