import { publishExports } from "./exec/closure/index.js";
import * as kindling from "./public.js";

export * from "./public.js";

// Functions that use what this package exports travel with the names alone.
publishExports(() => kindling);
