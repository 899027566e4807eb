// Spark's side of word-count.bench.ts: `npm run bench:rdd` runs both; WORDS is the path of the text.
val path = sys.env("WORDS")
var answer = 0L
val times = (1 to 4).map { _ =>
  val begin = System.nanoTime
  answer = sc.textFile(path).flatMap(_.split(" ")).map((_, 1)).reduceByKey(_ + _).count()
  (System.nanoTime - begin) / 1e6
}
val warm = times.tail.sorted
println(f"""{"name":"wordCount","answer":$answer,"first":${times.head}%.0f,"warm":${warm(1)}%.0f}""")
sys.exit(0)
