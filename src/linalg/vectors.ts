import { IllegalArgumentException } from "../common/index.js";
import { DenseVector, SparseVector, Vector, type VectorJson, type VectorLike } from "./vector.js";

type Pairs = Iterable<readonly [index: number, value: number]>;
type Entries = Pairs | ReadonlyMap<number, number> | Readonly<Record<number, number>>;

const asVector = (v: VectorLike): Vector => (v instanceof Vector ? v : new DenseVector(v));

function dense(values: Iterable<number> | ArrayLike<number>): DenseVector;
function dense(...values: number[]): DenseVector;
function dense(...args: [Iterable<number> | ArrayLike<number>] | number[]): DenseVector {
  const [first] = args;
  return new DenseVector(args.length === 1 && typeof first === "object" ? first : (args as number[]));
}

function sparse(size: number, indices: ArrayLike<number>, values: ArrayLike<number>): SparseVector;
function sparse(size: number, entries: Entries): SparseVector;
function sparse(size: number, first: ArrayLike<number> | Entries, values?: ArrayLike<number>): SparseVector {
  if (values) return new SparseVector(size, first as ArrayLike<number>, values);
  const pairs: (readonly [number, number])[] =
    Symbol.iterator in first
      ? [...(first as Pairs)]
      : Object.entries(first as Record<number, number>).map(([i, v]) => [Number(i), v] as const);
  pairs.sort((a, b) => a[0] - b[0]);
  return new SparseVector(
    size,
    pairs.map((p) => p[0]),
    pairs.map((p) => p[1]),
  );
}

/** Vector of Spark's JSON form, given as text or already parsed. */
function fromJson(json: string | VectorJson): Vector {
  const plain = (typeof json === "string" ? JSON.parse(json) : json) as VectorJson;
  if (plain.type === 1) return new DenseVector(plain.values.map(Number));
  if (plain.type === 0) return new SparseVector(plain.size, plain.indices, plain.values.map(Number));
  throw new IllegalArgumentException(`Cannot parse ${JSON.stringify(json)} into Vector.`);
}

/** Factories and operations of local vectors. */
export const Vectors = {
  dense,
  sparse,
  fromJson,
  zeros: (size: number): DenseVector => new DenseVector(new Float64Array(size)),
  norm: (vector: VectorLike, p: number): number => asVector(vector).norm(p),
  squaredDistance: (a: VectorLike, b: VectorLike): number => asVector(a).squaredDistance(b),
  squared_distance: (a: VectorLike, b: VectorLike): number => asVector(a).squaredDistance(b),
  /** Squared distance under its Scala name. */
  sqdist: (a: VectorLike, b: VectorLike): number => asVector(a).squaredDistance(b),
} as const;
