import {
  type Column,
  columnBuilder,
  i32Column,
  isNull,
  type ListColumn,
  type MixedVectorColumn,
  type NumberColumn,
} from "../../columnar/index.js";
import { defineBatchFunction } from "../../exec/index.js";
import type { Vector } from "../../linalg/index.js";
import { NearestCenter } from "./nearest-center.js";
import { nullRow, udfError, VECTOR_STRUCT, vectorView } from "../base/index.js";

export interface Centers {
  /** One centre after the other. */
  readonly values: Float64Array;
  readonly size: number;
  readonly cosine: boolean;
}

/** Number of the centre nearest to one vector. */
export function nearestCluster(centers: Centers, features: Vector): number {
  const builder = columnBuilder("vector", 1);
  builder.append(features);
  return new NearestCenter(centers).of(vectorView(builder.finish()), 0);
}

/** Labels each row of a features column with its nearest centre. */
export const predictClusters = defineBatchFunction<Centers>({
  name: "ml.kmeans.predict",
  open: (centers) => {
    const nearest = new NearestCenter(centers);
    return ([features], numRows) => {
      const rows = featureVectors(features, numRows);
      const labels = new Int32Array(numRows);
      for (let i = 0; i < numRows; i++) {
        if (isNull(features, i)) throw nullRow("KMeansModel", VECTOR_STRUCT, "int");
        try {
          labels[i] = nearest.of(rows, i);
        } catch (cause) {
          throw udfError("KMeansModel", VECTOR_STRUCT, "int", cause as Error);
        }
      }
      return { columns: [i32Column(labels)] };
    };
  },
});

/** Vectors, or arrays of numbers read as dense vectors. */
function featureVectors(column: Column, numRows: number): MixedVectorColumn {
  if (column.layout === "vector") return vectorView(column);
  const { offsets, child, validity } = column as ListColumn;
  const sizes = new Int32Array(numRows);
  for (let i = 0; i < numRows; i++) sizes[i] = offsets[i + 1] - offsets[i];
  const { values } = child as NumberColumn;
  return {
    layout: "vector",
    form: "mixed",
    length: numRows,
    validity,
    kinds: new Uint8Array(numRows).fill(1),
    sizes,
    offsets,
    indices: new Int32Array(0),
    values: values instanceof Float64Array ? values : Float64Array.from(values),
  };
}
