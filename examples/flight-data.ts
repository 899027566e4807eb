import { fileURLToPath } from "node:url";
import { type DataFrame, functions as F, type SparkSession } from "kindling";

const folder = fileURLToPath(new URL("../datasets/nycflights13/", import.meta.url));

const flightColumns =
  "year int, month int, day int, dep_time int, sched_dep_time int, dep_delay int, arr_time int, sched_arr_time int, " +
  "arr_delay int, carrier string, flight int, tailnum string, origin string, dest string, air_time int, distance int, " +
  "hour int, minute int, time_hour timestamp";

/** Every flight out of New York in 2013 with its weather, plane and destination; `delayed` is null for cancelled ones. */
export function flightData(spark: SparkSession): DataFrame {
  const csv = (): typeof spark.read => spark.read.option("header", "true").option("nullValue", "NA");
  const inferred = (file: string): DataFrame =>
    csv()
      .option("inferSchema", "true")
      .csv(folder + file);

  const weather = inferred("weather.csv").drop("year", "time_hour", "dewp", "wind_dir", "wind_gust");
  const planes = inferred("planes.csv").select("tailnum", F.col("year").alias("built"), "seats", "engine");
  const airports = inferred("airports.csv").select(F.col("faa").alias("dest"), F.col("alt").alias("dest_altitude"));

  return csv()
    .schema(flightColumns)
    .csv(`${folder}flights.csv.gz`)
    .join(weather, ["origin", "month", "day", "hour"], "left")
    .join(planes, ["tailnum"], "left")
    .join(airports, ["dest"], "left")
    .withColumns({
      delayed: F.col("arr_delay").gt(15).cast("double"),
      weekday: F.dayofweek("time_hour").cast("string"),
      month_name: F.col("month").cast("string"),
      age: F.col("year").minus(F.col("built")).cast("double"),
    })
    .withColumn("engine", F.coalesce(F.col("engine"), F.lit("unknown")));
}

export const categories = ["carrier", "origin", "month_name", "weekday", "engine"];
export const measures = ["hour", "distance", "dest_altitude", "age", "seats"].concat([
  "temp",
  "humid",
  "wind_speed",
  "precip",
  "pressure",
  "visib",
]);
