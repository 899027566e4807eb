import { DenseMatrix, SparseMatrix, type Matrix } from "./matrix.js";
import { DenseVector, SparseVector, type Vector } from "./vector.js";

/** Python's `str` of a float: shortest digits, exponent below 1e-4 and from 1e16 on, two exponent digits at least. */
export function pythonFloat(x: number): string {
  if (Number.isNaN(x)) return "nan";
  if (!Number.isFinite(x)) return x > 0 ? "inf" : "-inf";
  if (Object.is(x, -0)) return "-0.0";
  const magnitude = Math.abs(x);
  if (magnitude !== 0 && (magnitude < 1e-4 || magnitude >= 1e16)) {
    return x.toExponential().replace(/e([+-])(\d)$/, "e$10$2");
  }
  const text = String(x);
  return text.includes(".") ? text : `${text}.0`;
}

/** A float rounded to four digits, as pyspark's `repr` shows it. */
function rounded(x: number): string {
  if (!Number.isFinite(x)) return pythonFloat(x);
  const text = pythonFloat(Math.abs(x) < 1e15 ? Number(x.toFixed(4)) : x);
  const point = text.indexOf(".");
  return point < 0 ? text : text.slice(0, point + 5);
}

const elided = <T>(items: readonly T[], most: number, text: (item: T) => string): string =>
  (items.length <= most ? items.map(text) : [...items.slice(0, 8).map(text), "...", ...items.slice(-8).map(text)]).join(
    ", ",
  );

/** Cells of a numpy array print: at most eight fractional digits, one width for all. */
function numpyCells(rows: readonly Float64Array[]): string[][] {
  const all = rows.flatMap((row) => Array.from(row));
  const sizes = all.filter((v) => v !== 0 && Number.isFinite(v)).map(Math.abs);
  const largest = Math.max(...sizes, 0);
  const smallest = Math.min(...sizes, Infinity);
  const scientific = largest >= 1e8 || smallest < 1e-4 || largest / smallest > 1000;
  const digits = (text: string): string => text.split("e")[0].split(".")[1]?.replace(/0+$/, "") ?? "";
  const form = (v: number): string => (scientific ? v.toExponential(8) : v.toFixed(8));
  const finite = all.filter(Number.isFinite);
  const fraction = Math.max(0, ...finite.map((v) => digits(form(v)).length));
  const text = (v: number): string => {
    if (!Number.isFinite(v)) return pythonFloat(v);
    if (scientific)
      return v.toExponential(fraction).replace(/e([+-])(\d)$/, (_, s, d) => `${fraction ? "" : "."}e${s}0${d}`);
    if (fraction === 0) return `${v.toFixed(0)}.`;
    const [whole, part] = v.toFixed(fraction).split(".");
    const trimmed = part.replace(/0+$/, "");
    return `${whole}.${trimmed}`.padEnd(whole.length + 1 + fraction);
  };
  const cells = rows.map((row) => Array.from(row, text));
  const width = Math.max(...cells.flat().map((c) => c.length));
  return cells.map((row) => row.map((c) => c.padStart(width)));
}

const sparseEntries = (m: SparseMatrix): string => {
  let major = 0;
  const lines: string[] = [];
  for (let k = 0; k < Math.min(m.values.length, 16); k++) {
    // pyspark steps one column at most an entry, so entries after an empty column are shown one column early.
    if (m.colPtrs[major + 1] <= k) major++;
    const place = m.isTransposed ? `(${major},${m.rowIndices[k]})` : `(${m.rowIndices[k]},${major})`;
    lines.push(`${place} ${rounded(m.values[k])}`);
  }
  return lines.join("\n") + (m.values.length > 16 ? "\n..\n.." : "");
};

/** What `str(x)` gives in pyspark. */
export function pythonStr(x: Vector | Matrix): string {
  if (x instanceof DenseVector) return `[${Array.from(x.values, pythonFloat).join(",")}]`;
  if (x instanceof SparseVector) {
    return `(${x.size},[${x.indices.join(",")}],[${Array.from(x.values, pythonFloat).join(",")}])`;
  }
  if (x instanceof SparseMatrix) {
    return `${x.numRows} X ${x.numCols} ${x.isTransposed ? "CSR" : "CSC"}Matrix\n${sparseEntries(x)}`;
  }
  const rows = numpyCells((x as Matrix).toArray()).map((cells) => `[${cells.join(", ")}]`);
  return `DenseMatrix([${rows.join(`,\n${" ".repeat(13)}`)}])${rows.length > 1 ? "" : "\n"}`;
}

/** What `repr(x)` gives in pyspark. */
export function pythonRepr(x: Vector | Matrix): string {
  if (x instanceof DenseVector) return `DenseVector([${Array.from(x.values, rounded).join(", ")}])`;
  if (x instanceof SparseVector) {
    const entries = Array.from(x.indices, (i, k) => `${i}: ${rounded(x.values[k])}`);
    return `SparseVector(${x.size}, {${entries.join(", ")}})`;
  }
  const { numRows, numCols, isTransposed } = x as Matrix;
  const values = elided(Array.from(x.values), 16, rounded);
  const flag = isTransposed ? "True" : "False";
  if (x instanceof DenseMatrix) return `DenseMatrix(${numRows}, ${numCols}, [${values}], ${flag})`;
  const { colPtrs, rowIndices } = x as SparseMatrix;
  const pointers = elided(Array.from(colPtrs), 16, String);
  const indices = elided(Array.from(rowIndices), 16, String);
  return `SparseMatrix(${numRows}, ${numCols}, [${pointers}], [${indices}], [${values}], ${flag})`;
}
