/**
 * Splits an amount in proportion to weights, by largest remainder: each gets its share rounded down, and what is left
 * goes one by one to those whose shares were rounded down most. Of equal remainders the earlier one goes first. Whole
 * numbers, not negative; the parts sum to the amount, and who weighs nothing gets nothing. Throws if nobody weighs
 * anything and there is something to split.
 */
export function split(amount: number, weights: readonly number[]): number[] {
  const whole = weights.reduce((sum, weight) => sum + BigInt(weight), 0n);
  if (whole === 0n && amount !== 0) throw new Error(`nobody to split ${amount} over`);
  const shares = weights.map((weight, at) => {
    // An amount times a weight is more than a number can count exactly.
    const product = BigInt(amount) * BigInt(weight);
    return { at, floor: whole === 0n ? 0n : product / whole, rest: whole === 0n ? 0n : product % whole };
  });
  let left = BigInt(amount) - shares.reduce((sum, { floor }) => sum + floor, 0n);
  for (const share of shares.toSorted((a, b) => (a.rest === b.rest ? a.at - b.at : a.rest > b.rest ? -1 : 1))) {
    if (left === 0n) break;
    share.floor += 1n;
    left -= 1n;
  }
  return shares.map(({ floor }) => Number(floor));
}
