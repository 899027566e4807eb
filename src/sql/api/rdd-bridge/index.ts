import "./portable-row.js";
import "./rows-operator.js";
import "./rdd-scan.js";
import "./to-df.js";
