// Spark's side of shuffle.bench.ts: spark-shell --master local[2] --driver-memory 8g -i bench/rdd/shuffle.scala
import org.apache.spark.HashPartitioner
val rows = sys.env.getOrElse("ROWS", "10000000").toLong
val pairs = sc.range(0L, rows, 1L, 4).map(i => (((i * 48271L) % 1000003L).toInt, i * 0.5)).cache()
pairs.count()
def measure(name: String)(run: => Long): Unit = {
  var answer = 0L
  val times = (1 to 5).map { _ =>
    val begin = System.nanoTime
    answer = run
    (System.nanoTime - begin) / 1e6
  }
  val warm = times.tail.sorted
  println(f"""{"name":"$name","rows":$rows,"answer":$answer,"first":${times.head}%.0f,"warm":${warm(warm.size / 2)}%.0f}""")
}
measure("partitionBy")(pairs.partitionBy(new HashPartitioner(4)).count())
measure("reduceByKey")(pairs.reduceByKey(_ + _, 4).count())
measure("groupByKey")(pairs.groupByKey(4).count())
sys.exit(0)
