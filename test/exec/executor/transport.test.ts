import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodePayload, encodePayload } from "../../../src/exec/executor/transport/foreign-payload.js";
import { replaceValues } from "../../../src/exec/executor/transport/replace-values.js";
import { sharedCopy, type SharedBuffer } from "../../../src/exec/executor/transport/shared-values.js";
import type { ResidentBlock } from "../../../src/memory/index.js";

/** Sends a payload to a pretended executor "1" of this process; `blocks` lie there. */
function travel(payload: unknown, blocks: ReadonlyMap<string, ResidentBlock> = new Map()) {
  const numbers = new Map<SharedArrayBuffer, number>();
  const wasm = new Set<number>();
  const encoded = encodePayload(
    payload,
    "1",
    (buffer, asMemory) => {
      if (!numbers.has(buffer)) numbers.set(buffer, numbers.size);
      if (asMemory) wasm.add(numbers.get(buffer)!);
      return numbers.get(buffer)!;
    },
    ({ remote }) => ({ file: { path: `/exported/${remote.id}` } }),
  );
  const shared = new Map<number, SharedBuffer>(
    [...numbers].map(([buffer, id]) => [id, sharedCopy(new Uint8Array(buffer).slice(), wasm.has(id))]),
  );
  return { decoded: decodePayload({ executor: "1", bytes: encoded.bytes, shared, blocks }), encoded };
}

describe("a payload for another process", () => {
  it("arrives as it was, whatever plain data it is", () => {
    fc.assert(
      fc.property(fc.anything({ withMap: true, withSet: true, withDate: true, withBigInt: true }), (value) => {
        expect(travel({ value, shared: new SharedArrayBuffer(1) }).decoded).toEqual({
          value: structuredClone(value),
          shared: new SharedArrayBuffer(1),
        });
      }),
      { numRuns: 200 },
    );
  });

  it("keeps circles and sharing", () => {
    const part = { values: new Float64Array(new SharedArrayBuffer(24)).fill(2) };
    const value: Record<string, unknown> = { part, again: [part, part], map: new Map([[part, new Set([part])]]) };
    value.self = value;
    const { decoded } = travel(value);
    const other = decoded as {
      part: { values: Float64Array };
      again: unknown[];
      map: Map<object, Set<object>>;
      self: unknown;
    };
    expect(other.self).toBe(other);
    expect(other.again).toEqual([other.part, other.part]);
    expect(other.again[0]).toBe(other.part);
    expect(other.map.get(other.part)!.has(other.part)).toBe(true);
    expect([...other.part.values]).toEqual([2, 2, 2]);
    expect(other.part.values.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it("names its executor's own blocks, and the files of others' blocks, with what was said about them", () => {
    const own: ResidentBlock = { buffer: new SharedArrayBuffer(8), memory: undefined };
    const remote = (executor: string) => ({
      remote: { executor, id: "7.1", bytes: 8, kernels: true, origin: { stageId: 3, partition: 2 } },
      info: { rows: 5 },
    });
    const { decoded, encoded } = travel([remote("1"), remote("2")], new Map([["7.1", own]]));
    expect(decoded).toEqual([
      { ...own, info: { rows: 5 } },
      { file: { path: "/exported/7.1" }, info: { rows: 5 } },
    ]);
    expect((decoded as ResidentBlock[])[0].buffer).toBe(own.buffer);
    expect(encoded.blocks).toEqual([{ id: "7.1", origin: { stageId: 3, partition: 2 } }]);
  });

  it("is refused when it holds what cannot be sent", () => {
    expect(() => travel({ f: () => 1 })).toThrow(expect.objectContaining({ name: "DataCloneError" }));
  });

  it("is not copied when there is nothing to replace", () => {
    const value = { a: [1, { b: new Map([[1, 2]]) }] };
    expect(replaceValues(value, () => undefined)).toBe(value);
  });
});
