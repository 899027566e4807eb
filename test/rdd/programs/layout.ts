import { layout, type ProgramTable, range, value } from "./program.js";

const letters = ["a", "b", "c", "d", "e"];

/** How elements lie in partitions. */
export const layoutPrograms: ProgramTable = {
  "layout-001": layout(({ sc }) => sc.parallelize(range(1, 11), 3)),
  "layout-002": layout(({ sc }) => sc.parallelize(range(1, 11), 4)),
  "layout-003": layout(({ sc }) => sc.parallelize([], 3)),
  "layout-004": layout(({ sc }) => sc.parallelize([1, 2], 5)),
  "layout-006": value(({ sc }) => sc.parallelize(range(0, 7)).getNumPartitions()),
  "layout-007": layout(({ sc }) => sc.range(0, 10, 1, 3)),
  "layout-008": layout(({ sc }) => sc.range(10, 0, -3, 2)),
  "layout-009": layout(({ sc }) => sc.range(0, 3, 1, 8)),
  "layout-010": layout(({ sc }) => sc.range(5, 5, 1, 2)),
  "layout-011": layout(({ sc }) => sc.range(0, 5, 0, 2)),
  "layout-012": value(({ sc }) => sc.emptyRDD().getNumPartitions()),
  "layout-014": layout(({ sc }) => sc.union([sc.parallelize([1, 2], 2), sc.parallelize([3], 1)])),
  "layout-017": layout(({ sc }) => sc.parallelize(range(1, 11), 5).coalesce(3)),
  "layout-018": layout(({ sc }) => sc.parallelize(range(1, 11), 2).coalesce(10)),
  "layout-019": layout(({ sc }) => sc.parallelize(range(1, 11), 5).coalesce(3, true)),
  "layout-020": layout(({ sc }) => sc.parallelize(range(1, 11), 2).repartition(4)),
  "layout-021": layout(({ sc }) => sc.parallelize(range(1, 11), 4).repartition(2)),
  "layout-022": layout(({ sc }) => sc.parallelize(range(1, 4), 1).repartition(5)),
  "layout-023": layout(({ sc }) => sc.parallelize([1, 2], 2).cartesian(sc.parallelize(["x", "y"], 2))),
  "layout-024": layout(({ sc }) => sc.parallelize([1, 2, 3], 2).zip(sc.parallelize(["a", "b", "c"], 2))),
  "layout-025": layout(({ sc }) => sc.parallelize([1, 2, 3], 2).zip(sc.parallelize([1, 2, 3], 3))),
  "layout-026": layout(({ sc }) => sc.parallelize([1, 2, 3], 2).zip(sc.parallelize([1, 2], 2))),
  "layout-027": layout(({ sc }) => sc.parallelize(letters, 3).zipWithIndex()),
  "layout-028": layout(({ sc }) => sc.parallelize(letters, 3).zipWithUniqueId()),
  "layout-029": layout(({ sc }) =>
    sc.parallelize(range(1, 7), 3).zipPartitions(sc.parallelize(range(10, 13), 3), (a, b) => {
      const sum = (numbers: Iterable<number>): number => [...numbers].reduce((x, y) => x + y, 0);
      return [sum(a), sum(b)];
    }),
  ),
  "layout-032": layout(({ sc }) => sc.parallelize([5, 3, 1, 4, 2], 2).sortBy((x) => x, false, 3)),
  "layout-033": layout(({ sc }) => sc.parallelize([3, 1, 3, 1, 2, 2, 3], 2).sortBy((x) => x, true, 2)),
  "layout-035": layout(({ sc }) => sc.parallelize(["b", "a", "C", "é", "B", ""], 2).sortBy((x) => x, true, 1)),
};
