import { expect, test } from "vitest";
import { gaps } from "./completeness.js";

const slice = (
  "StringIndexer IndexToString OneHotEncoder VectorAssembler StandardScaler MinMaxScaler Imputer Bucketizer Tokenizer " +
  "RegexTokenizer StopWordsRemover HashingTF CountVectorizer IDF PCA LogisticRegression LinearRegression KMeans ALS " +
  "BinaryClassificationEvaluator MulticlassClassificationEvaluator RegressionEvaluator ClusteringEvaluator RankingEvaluator " +
  "ParamGridBuilder CrossValidator TrainValidationSplit Pipeline UnaryTransformer StringIndexerModel OneHotEncoderModel " +
  "StandardScalerModel MinMaxScalerModel ImputerModel CountVectorizerModel IDFModel PCAModel LogisticRegressionModel " +
  "LinearRegressionModel KMeansModel ALSModel CrossValidatorModel TrainValidationSplitModel PipelineModel"
).split(" ");

test("every class of the slice exists with all params, methods and properties of PySpark", async () => {
  const { present, members } = await gaps();
  expect(slice.filter((name) => !present.includes(name))).toEqual([]);
  expect(Object.fromEntries(members)).toEqual({});
});
