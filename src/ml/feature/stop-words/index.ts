import danish from "./danish.json" with { type: "json" };
import dutch from "./dutch.json" with { type: "json" };
import english from "./english.json" with { type: "json" };
import finnish from "./finnish.json" with { type: "json" };
import french from "./french.json" with { type: "json" };
import german from "./german.json" with { type: "json" };
import hungarian from "./hungarian.json" with { type: "json" };
import italian from "./italian.json" with { type: "json" };
import norwegian from "./norwegian.json" with { type: "json" };
import portuguese from "./portuguese.json" with { type: "json" };
import russian from "./russian.json" with { type: "json" };
import spanish from "./spanish.json" with { type: "json" };
import swedish from "./swedish.json" with { type: "json" };
import turkish from "./turkish.json" with { type: "json" };

/** Spark's default stop words by language, from the Snowball and NLTK projects. */
export const stopWords: Readonly<Record<string, readonly string[]>> = {
  danish,
  dutch,
  english,
  finnish,
  french,
  german,
  hungarian,
  italian,
  norwegian,
  portuguese,
  russian,
  spanish,
  swedish,
  turkish,
};
