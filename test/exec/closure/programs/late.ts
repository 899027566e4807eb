export const late = await Promise.resolve(41);
export const next = (): number => late + 1;
