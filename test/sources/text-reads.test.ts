import { describe } from "vitest";
import { recordedReads } from "./recorded.js";
import { testReads } from "./recorded-reads.js";

const skipped = { "read-162": "bytes that are no UTF-8 stay as they are; the test's reader decodes them" };

describe("Spark's recorded reads", () =>
  testReads(
    recordedReads("text").filter((read) => !read.sql),
    skipped,
  ));
