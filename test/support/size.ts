/** `npm run proof` runs the same proofs as `npm test` at full size. This is the one place that asks which it is. */
export const isFullProof = process.env["PROOF"] === "full";

/** How many: enough for every day, or all that one can wait for. */
export const sized = (everyDay: number, full: number): number => (isFullProof ? full : everyDay);
