let nextExpression = 1;
let nextPlan = 1;

/** A new attribute id; unique in the process. */
export const newExpressionId = (): number => nextExpression++;
/** A new DataFrame id; unique in the process. */
export const newPlanId = (): number => nextPlan++;
