import { mkdtempSync, openSync, rmSync, symlinkSync, truncateSync, writeSync, closeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FetchFailedException, SparkException } from "../../../src/common/index.js";
import {
  BlockFileWriter,
  decodeStream,
  encodeStream,
  f64Column,
  fromBlock,
  readBlockFile,
  toBlock,
  utf8Column,
  type Batch,
} from "../../../src/columnar/index.js";
import { batches, valuesOf } from "./sample-batch.js";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "kindling-test-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

const sample: Batch = {
  numRows: 3,
  columns: [f64Column(Float64Array.of(1, 2, 3)), utf8Column(["a", null, "ccc".repeat(100)])],
};

test.each([false, true])("batches of every layout survive a file (compress %s)", (compress) => {
  fc.assert(
    fc.property(fc.array(batches, { minLength: 1, maxLength: 3 }), (written) => {
      const writer = new BlockFileWriter(join(directory, "blocks"));
      const files = written.map((batch) => writer.write(batch, { compress }));
      writer.close();
      files.forEach((file, i) => {
        expect(valuesOf(readBlockFile(file))).toEqual(valuesOf(written[i]));
        const some = { ...written[i], columns: [written[i].columns[9], written[i].columns[2]] };
        expect(valuesOf(readBlockFile(file, [9, 2]))).toEqual(valuesOf(some));
      });
    }),
    { numRuns: 40 },
  );
});

test("a block in shared memory is written as it lies there, and a file block reads like it", () => {
  fc.assert(
    fc.property(batches, (batch) => {
      const writer = new BlockFileWriter(join(directory, "resident"));
      const file = writer.write(fromBlock(toBlock(batch, true)), { kernels: true });
      writer.close();
      expect(file.kernels).toBe(true);
      expect(valuesOf(fromBlock({ file }))).toEqual(valuesOf(batch));
    }),
    { numRuns: 20 },
  );
});

test("a stream in shared memory is a packed block", () => {
  const { parts, bytes } = encodeStream(sample, true);
  const buffer = new SharedArrayBuffer(bytes);
  let at = 0;
  for (const part of parts) {
    new Uint8Array(buffer).set(part, at);
    at += part.byteLength;
  }
  expect(at).toBe(bytes);
  expect(valuesOf(fromBlock({ buffer, memory: undefined }))).toEqual(valuesOf(sample));
  expect(valuesOf(decodeStream(buffer))).toEqual(valuesOf(sample));
});

test("a missing, short or damaged file names the task that must run again", () => {
  const path = join(directory, "fragile");
  const origin = { stageId: 7, partition: 3 };
  const write = () => {
    const writer = new BlockFileWriter(path);
    const file = writer.write(sample, { origin });
    writer.close();
    return file;
  };
  const failure = (file: ReturnType<typeof write>) => {
    try {
      readBlockFile(file);
    } catch (error) {
      return error as FetchFailedException;
    }
    throw new Error("the damage was not noticed");
  };
  const parameters = { path, stageId: "7", partition: "3" };

  let file = write();
  rmSync(path);
  expect(failure(file)).toBeInstanceOf(FetchFailedException);
  expect(failure(file).messageParameters).toEqual(parameters);
  expect(failure(file).cause).toBeDefined();

  file = write();
  truncateSync(path, file.bytes - 9);
  expect(failure(file).condition).toBe("FETCH_FAILED");

  for (let at = 0; at < file.bytes; at += 7) {
    file = write();
    const descriptor = openSync(path, "r+");
    writeSync(descriptor, Uint8Array.of(0x5a), 0, 1, at);
    closeSync(descriptor);
    const error = failure(file);
    expect(error).toBeInstanceOf(FetchFailedException);
    expect(error.messageParameters).toEqual(parameters);
  }
});

test("a full disk is an error that names path, size and way out", () => {
  const path = join(directory, "full");
  symlinkSync("/dev/full", path);
  const writer = new BlockFileWriter(path);
  let error: SparkException | undefined;
  try {
    writer.write(sample);
  } catch (e) {
    error = e as SparkException;
  }
  writer.remove();
  expect(error).toBeInstanceOf(SparkException);
  expect(error?.condition).toBe("CANNOT_WRITE_LOCAL_FILE");
  expect(error?.message).toMatch(/no space left.*spark\.local\.dir/);
  expect(error?.messageParameters).toMatchObject({ path, code: "ENOSPC" });
  expect(error?.cause).toMatchObject({ code: "ENOSPC" });
});
