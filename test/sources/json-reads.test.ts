import { describe } from "vitest";
import { recordedReads } from "./recorded.js";
import { testReads } from "./recorded-reads.js";

const reads = recordedReads("json").filter((read) => !read.sql && !read.selectExpr && !read.path.startsWith("dirs/"));
const skipped = { "read-156": "singleVariantColumn needs the VARIANT type, which does not exist yet" };

describe("Spark's recorded reads", () => testReads(reads, skipped));
