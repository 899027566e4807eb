import { type BytesColumn, isNull, type ListColumn } from "../../columnar/index.js";
import { IllegalArgumentException, SparkException } from "../../common/index.js";
import { defineBatchFunction, definePartitionFunction } from "../../exec/index.js";
import type { DataFrame } from "../../sql/api/index.js";
import { ArrayType, stringType, StructField, StructType, vectorType } from "../../sql/types/index.js";
import {
  booleanParam,
  checkColumnTypes,
  type ColumnFunction,
  declareParams,
  defineStage,
  doubleParam,
  Estimator,
  firstNull,
  gtEq,
  hasInputCol,
  hasOutputCol,
  intParam,
  Model,
  namedColumn,
  nullRow,
  type ParamAccess,
  type ParamOptions,
  randomUid,
  require,
  VECTOR_STRUCT,
  type FitOptions,
} from "../base/index.js";
import { BytesDictionary } from "./bytes-dictionary.js";
import { TermCounts } from "./term-counts.js";

const params = declareParams({
  ...hasInputCol,
  ...hasOutputCol,
  binary: booleanParam("Whether counts above zero all become 1.", { default: false }),
  maxDF: doubleParam("Most documents a term may appear in: a number of them, or below 1 a fraction.", {
    default: 2 ** 63,
    valid: gtEq(0),
  }),
  minDF: doubleParam("Fewest documents a term must appear in: a number of them, or below 1 a fraction.", {
    default: 1,
    valid: gtEq(0),
  }),
  minTF: doubleParam("Lowest count of a term in its document: a number, or below 1 a fraction of its tokens.", {
    default: 1,
    valid: gtEq(0),
  }),
  vocabSize: intParam("Largest size of the vocabulary (>= 1).", { default: 1 << 18, valid: gtEq(1) }),
});

function checkColumns(stage: CountVectorizer | CountVectorizerModel, schema: StructType): void {
  checkColumnTypes(schema, stage.getInputCol(), [new ArrayType(stringType, true), new ArrayType(stringType, false)]);
  const output = stage.getOutputCol();
  require(!schema.has(output), () => `Column ${output} already exists.`);
}

/** Learns a vocabulary from documents, the most frequent terms first. */
export interface CountVectorizer extends ParamAccess<typeof params, CountVectorizer> {}
export class CountVectorizer extends Estimator<CountVectorizerModel> {
  constructor(options: ParamOptions<typeof params> = {}, uid?: string) {
    super(options, uid);
  }

  override transformSchema(schema: StructType): StructType {
    checkColumns(this, schema);
    return schema.add(new StructField(this.getOutputCol(), vectorType));
  }

  protected async train(df: DataFrame, options: FitOptions): Promise<CountVectorizerModel> {
    const [minDF, maxDF] = [this.getMinDF(), this.getMaxDF()];
    // Two numbers, or two fractions, are compared before there are documents to count.
    if (minDF >= 1 === maxDF >= 1) require(maxDF >= minDF, () => "maxDF must be >= minDF.");
    const parts = await df
      .select(namedColumn(this.getInputCol()))
      .runPartitions<TermStatistics>(countTerms.name, null, options);
    const numDocs = parts.reduce((sum, part) => sum + part.numDocs, 0);
    const terms = mergeTerms(parts);
    const fewest = minDF >= 1 ? minDF : minDF * numDocs;
    const most = maxDF >= 1 ? maxDF : maxDF * numDocs;
    require(most >= fewest, () => "maxDF must be >= minDF.");
    const kept = [...terms].filter(([, { docs }]) => docs >= fewest && docs <= most);
    kept.sort(([a, x], [b, y]) => y.count - x.count || (a < b ? -1 : 1));
    return new CountVectorizerModel(
      kept.slice(0, this.getVocabSize()).map(([term]) => term),
      this.uid,
    );
  }
}

interface TermStatistics {
  readonly numDocs: number;
  readonly terms: readonly string[];
  /** Occurrences of each term, and documents it appears in. */
  readonly counts: readonly number[];
  readonly docs: readonly number[];
}

function mergeTerms(parts: readonly TermStatistics[]): Map<string, { count: number; docs: number }> {
  const merged = new Map<string, { count: number; docs: number }>();
  for (const { terms, counts, docs } of parts) {
    terms.forEach((term, k) => {
      const known = merged.get(term);
      if (!known) merged.set(term, { count: counts[k], docs: docs[k] });
      else {
        known.count += counts[k];
        known.docs += docs[k];
      }
    });
  }
  return merged;
}

const countTerms = definePartitionFunction<null, TermStatistics>({
  name: "ml.countVectorizer.count",
  async run(_, batches, context) {
    const dictionary = new BytesDictionary();
    const counts: number[] = [];
    const docs: number[] = [];
    /** The last document each term was seen in. */
    const seen: number[] = [];
    let numDocs = 0;
    for await (const { columns } of batches) {
      context.checkCancelled();
      const column = columns[0] as ListColumn;
      if (firstNull(column) >= 0) {
        throw new SparkException("a document is null; drop such rows first, e.g. with df.na.drop()");
      }
      const child = column.child as BytesColumn;
      for (let i = 0; i < column.length; i++, numDocs++) {
        for (let k = column.offsets[i]; k < column.offsets[i + 1]; k++) {
          if (isNull(child, k))
            throw new SparkException("a term of a document is null; remove nulls from the lists first");
          const id = dictionary.add(child.bytes, child.offsets[k], child.offsets[k + 1]);
          if (id === counts.length) {
            counts.push(0);
            docs.push(0);
            seen.push(-1);
          }
          counts[id]++;
          if (seen[id] === numDocs) continue;
          seen[id] = numDocs;
          docs[id]++;
        }
      }
    }
    return { numDocs, terms: dictionary.texts(), counts, docs };
  },
});

export interface CountVectorizerModel extends ParamAccess<typeof params, CountVectorizerModel> {}
/** Counts the terms of a vocabulary in documents. */
export class CountVectorizerModel extends Model {
  /** `vocabulary`: terms in the order of their indices. */
  constructor(
    readonly vocabulary: readonly string[],
    uid?: string,
  ) {
    super({}, uid);
  }

  /** A model with a given vocabulary. */
  static fromVocabulary(
    vocabulary: readonly string[],
    inputCol: string,
    outputCol?: string,
    minTF?: number,
    binary?: boolean,
  ): CountVectorizerModel {
    if (vocabulary.length === 0) throw new IllegalArgumentException("Vocabulary list cannot be empty");
    const model = new CountVectorizerModel(vocabulary, randomUid("cntVecModel"));
    return model.setParams({ inputCol, outputCol, minTF, binary, vocabSize: vocabulary.length });
  }

  /** Alias of {@link fromVocabulary} under pyspark's name. */
  static readonly from_vocabulary = CountVectorizerModel.fromVocabulary;

  protected override columnFunction(schema: StructType): ColumnFunction {
    checkColumns(this, schema);
    const { length } = this.vocabulary;
    // Spark writes the attributes of a vocabulary as an empty list.
    const metadata = { ml_attr: { num_attrs: length, attrs: {} } };
    return {
      name: countVocabulary.name,
      payload: { vocabulary: this.vocabulary, minTF: this.getMinTF(), binary: this.getBinary() },
      inputs: [this.getInputCol()],
      outputs: [new StructField(this.getOutputCol(), vectorType, true, metadata)],
    };
  }

  override toString(): string {
    return `CountVectorizerModel: uid=${this.uid}, vocabularySize=${this.vocabulary.length}`;
  }
}

interface VocabularyPayload {
  readonly vocabulary: readonly string[];
  readonly minTF: number;
  readonly binary: boolean;
}

const countVocabulary = defineBatchFunction<VocabularyPayload>({
  name: "ml.countVectorizer",
  open({ vocabulary, minTF, binary }) {
    const dictionary = BytesDictionary.of(vocabulary);
    const counts = new TermCounts(vocabulary.length);
    return (columns) => {
      const column = columns[0] as ListColumn;
      if (firstNull(column) >= 0) throw nullRow("CountVectorizerModel", "array<string>", VECTOR_STRUCT);
      const child = column.child as BytesColumn;
      const { offsets, length } = column;
      const rows = counts.open(length, offsets[length] - offsets[0]);
      for (let i = 0; i < length; i++) {
        for (let k = offsets[i]; k < offsets[i + 1]; k++) {
          if (isNull(child, k)) continue;
          const id = dictionary.find(child.bytes, child.offsets[k], child.offsets[k + 1]);
          if (id >= 0) counts.add(id);
        }
        const least = minTF >= 1 ? minTF : minTF * (offsets[i + 1] - offsets[i]);
        counts.endRow(rows, (count) => (count < least ? 0 : binary ? 1 : count));
      }
      return { columns: [rows.finish()] };
    };
  },
});

defineStage(CountVectorizer, {
  javaClass: "org.apache.spark.ml.feature.CountVectorizer",
  params,
  testCases: [
    {
      params: { inputCol: "w", outputCol: "out", minDF: 2 },
      schema: "w array<string>",
      rows: [[["a", "b", "a"]], [[]], [["b", "c"]], [["c", "a"]]],
    },
  ],
});
defineStage(CountVectorizerModel, {
  javaClass: "org.apache.spark.ml.feature.CountVectorizerModel",
  uidPrefix: "CountVectorizer",
  params,
  persistence: {
    tables: { data: new StructType([new StructField("vocabulary", new ArrayType(stringType))]) },
    toData: (model) => ({ data: [[model.vocabulary]] }),
    fromData: async (saved) => {
      const [row] = await saved.rows("data");
      return new CountVectorizerModel(row.vocabulary as readonly string[], saved.uid);
    },
  },
});
