import { type Column, f64Column, isValid, type NumberColumn, vectorBuilder } from "../../columnar/index.js";
