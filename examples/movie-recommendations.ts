// Movies for every user with ALS, and groups of similar movies with k-means on what ALS learned about them.
import { fileURLToPath } from "node:url";
import { ALS, functions as F, KMeans, RegressionEvaluator, SparkSession } from "kindling";

await using spark = await SparkSession.builder.appName("movie recommendations").getOrCreate();

const file = fileURLToPath(new URL("../datasets/spark/sample_movielens_ratings.csv", import.meta.url));
const ratings = spark.read
  .option("header", "true")
  .schema("userId int, movieId int, rating double, timestamp long")
  .csv(file);
const [training, heldOut] = ratings.randomSplit([0.8, 0.2], 42);

const als = new ALS({
  userCol: "userId",
  itemCol: "movieId",
  ratingCol: "rating",
  maxIter: 10,
  regParam: 0.1,
  seed: 42,
});
const model = await als.setColdStartStrategy("drop").fit(training);
const rmse = await new RegressionEvaluator({ labelCol: "rating" }).evaluate(model.transform(heldOut));
console.log(`\nRoot mean square error on held-out ratings: ${rmse.toFixed(3)} stars`);

console.log("\nThe ten best movies for each user (the first three users):");
const best = model.recommendForAllUsers(10).orderBy("userId");
for (const row of await best.take(3)) {
  const movies = row.getAs<{ movieId: number; rating: number }[]>("recommendations");
  console.log(`  user ${row.get("userId")}: ${movies.map((m) => `${m.movieId} (${m.rating.toFixed(1)})`).join(", ")}`);
}

const items = model.itemFactors.withColumn("features", F.arrayToVector(F.col("features")));
const groups = await new KMeans({ k: 5, seed: 42 }).fit(items);
console.log("\nMovies that are liked alike, by k-means on the item factors:");
await groups
  .transform(items)
  .groupBy(F.col("prediction").alias("group"))
  .agg(F.count("*").alias("movies"), F.min("id").alias("first"), F.max("id").alias("last"))
  .orderBy("group")
  .show();
