import { describe } from "vitest";
import { recordedReads } from "./recorded.js";
import { testReads } from "./recorded-reads.js";

const reads = recordedReads("parquet").filter((read) => !read.sql && !read.selectExpr);

describe("Spark's recorded reads", () => testReads(reads.filter((read) => !read.path.startsWith("parquet/part"))));
