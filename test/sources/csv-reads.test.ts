import { describe } from "vitest";
import { recordedReads } from "./recorded.js";
import { testReads } from "./recorded-reads.js";

const reads = recordedReads("csv").filter((read) => !read.sql && !read.selectExpr);
const skipped = { "read-081": "bzip2 needs a library that is not installed; it is a clear error" };

describe("Spark's recorded reads", () =>
  testReads(
    reads.filter((read) => !read.path.startsWith("dirs/")),
    skipped,
  ));
