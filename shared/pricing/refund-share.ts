/** So many pieces of a line, after so many others: `more` of `of` pieces, `before` of which had their share already. */
export type Pieces = { before: number; more: number; of: number };

/**
 * Gives the share of a line's total that falls on some of its pieces: the total's cumulative share, rounded down, after
 * them less that before them. So no share needs to be stored: the parts of a line sum to its total in whatever pieces
 * it goes back, and no part is negative. Each payer has a total of its own to take shares of: what others pay, taken off
 * what all pay, would become negative for some pieces.
 */
export function shareOf(total: number, { before, more, of }: Pieces): number {
  return Number(upTo(total, before + more, of) - upTo(total, before, of));
}

const upTo = (total: number, pieces: number, of: number): bigint => (BigInt(total) * BigInt(pieces)) / BigInt(of);
