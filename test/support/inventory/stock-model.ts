import { nameOfPool } from "../../../shared/inventory/pools.ts";

/** Where a code is, as anybody may see it. `returning`: given back, and put on sale by the next sweep, where a giver has left it to that. */
export type Where = "shelf" | "returning" | "held" | "sold" | "void";

type Counted = Exclude<Where, "shelf" | "returning"> | "available";

/** `isLeft`: it lies where the next buyers draw; a voided one is a hole there, which its finder passes over. */
export type CodeSeen = {
  where: Where;
  isLeft: boolean;
  batchId: string;
  pool: string;
  frozen: boolean;
  orderId?: string;
};
export type StockSeen = ReadonlyMap<string, CodeSeen>;

/** What a command may do to codes: so many of these become that; or at most so many. Which of them is the shop's to choose. */
export type Move = {
  count: number;
  atLeast?: number;
  from: (code: CodeSeen, id: string) => boolean;
  to: Where;
  orderId?: string;
};

/** `isPartly`: a part of what was paid for was not there in the end, and went back. */
type OrderInModel = { state: "unpaid" | "sold" | "over"; revealed: boolean; isPartly: boolean };

/**
 * What stock should be after any sequence of commands: for each code where it is. The shop chooses which codes it sells; the
 * model says how many, and out of which, and that nothing else has changed.
 */
export class StockModel {
  seen: StockSeen = new Map();
  readonly secrets = new Set<string>();
  readonly orders = new Map<string, OrderInModel>();
  readonly frozenBatches = new Set<string>();
  readonly voidBatches = new Set<string>();
  readonly frozenPools = new Set<string>();
  /** The keys with which our own codes were made. */
  readonly generations = new Map<string, number>();
  /** Orders that left nothing behind. */
  refused = 0;

  count(is: (code: CodeSeen) => boolean): number {
    return [...this.seen.values()].filter(is).length;
  }

  /** The codes of each batch in each pool, by what has become of them. */
  rows(): Record<string, Record<Counted, number>> {
    const rows: Record<string, Record<Counted, number>> = {};
    for (const { where, pool, batchId } of this.seen.values()) {
      const row = (rows[nameInRows(nameOfPool(pool), batchId)] ??= { available: 0, held: 0, sold: 0, void: 0 });
      row[where === "shelf" || where === "returning" ? "available" : where] += 1;
    }
    return rows;
  }

  /** Codes that a buyer of this pool could draw from it. */
  onSaleIn(pool: string): number {
    return this.frozenPools.has(pool) ? 0 : this.count((code) => isOnShelf(code, pool));
  }

  /** What the counters of a pool say is left: the holes too. */
  leftIn(pool: string): number {
    return this.frozenPools.has(pool) ? 0 : this.onCountersOf(pool);
  }

  /** The same, whether or not the pool is frozen. */
  onCountersOf(pool: string): number {
    return this.count((code) => code.isLeft && !code.frozen && code.pool === pool);
  }

  /** Everything that does not fit these moves, in words. Then what was seen is how it is. */
  accept(now: StockSeen, moves: readonly Move[], born = 0): string[] {
    const wrong: string[] = [];
    const done = moves.map(() => 0);
    let fresh = 0;
    for (const [id, code] of now) {
      const before = this.seen.get(id);
      if (before === undefined) {
        fresh += 1;
        if (code.where !== "shelf") wrong.push(`${id} was born ${code.where}`);
      } else if (hasChanged(before, code)) {
        const fits = moves.findIndex((move) => move.from(before, id) && isAfter(code, move));
        if (fits < 0) wrong.push(`${id}: ${told(before)} became ${told(code)}`);
        else done[fits] = (done[fits] ?? 0) + 1;
      }
      const isLoose = code.where === "shelf" || code.where === "returning";
      if (isLoose && code.frozen !== this.frozenBatches.has(code.batchId)) wrong.push(`${id} frozen: ${code.frozen}`);
    }
    for (const id of this.seen.keys()) if (!now.has(id)) wrong.push(`${id} is gone`);
    if (fresh !== born) wrong.push(`${fresh} codes were born, not ${born}`);
    moves.forEach(({ count, atLeast = count, to }, index) => {
      const many = done[index] ?? 0;
      if (many < atLeast || many > count) wrong.push(`${many} became ${to}, not ${atLeast} to ${count}`);
    });
    this.seen = now;
    return wrong;
  }
}

export const nameInRows = (pool: string, batchId: string): string => `${batchId} in ${pool}`;

/** On sale, if its pool is. */
export const isOnShelf = ({ where, frozen, pool }: CodeSeen, of: string): boolean =>
  where === "shelf" && !frozen && pool === of;

/** A sold code lies in whatever became of the range that it was sold from: its pool is not its own any more. */
function hasChanged(before: CodeSeen, after: CodeSeen): boolean {
  const isLoose = after.where === "shelf" || after.where === "returning";
  return before.where !== after.where || before.orderId !== after.orderId || (isLoose && before.pool !== after.pool);
}

const isAfter = (code: CodeSeen, { to, orderId }: Move): boolean => code.where === to && code.orderId === orderId;

const told = ({ where, pool, orderId }: CodeSeen): string => [where, pool, orderId].filter(Boolean).join(" ");
