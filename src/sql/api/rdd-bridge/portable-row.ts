import { definePortableClass } from "../../../exec/closure/index.js";
import { Row } from "../../types/index.js";

/** Rows travel inside functions and as elements of RDDs. */
definePortableClass<Row>({
  name: "Row",
  matches: (value): value is Row => value instanceof Row,
  take: (row) => [row.fieldNames, row.toArray()],
  make: (parts) => new Row(...(parts as [readonly string[], unknown[]])),
});
