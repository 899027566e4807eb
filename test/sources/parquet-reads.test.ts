import { describe } from "vitest";
import { recordedReads } from "./recorded.js";
import { testReads } from "./recorded-reads.js";

const reads = recordedReads("parquet").filter((read) => !read.sql && !read.selectExpr);

const skipped = {
  "read-088": "the TIME type does not exist yet",
  "read-090": "timestamps of nanoseconds do not exist yet",
};

describe("Spark's recorded reads", () =>
  testReads(
    reads.filter((read) => !read.path.startsWith("parquet/part")),
    skipped,
  ));
