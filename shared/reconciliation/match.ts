/**
 * Compares what one side expects with what another side says, movement by movement. Pure, and about nobody in particular: payment providers'
 * statements today, those of suppliers and channels tomorrow.
 */

/** A movement of money, by its name. The two sides have one name for it. */
export type Movement = {
  kind: string;
  name: string;
  amount: number;
  /** In thousandths of a minor unit. */
  feeThousandths: number;
  currency: string;
  at: string;
};

/** What we expect. `isDue`: in this very statement; otherwise it belongs to the one before or after, and may be in this one. */
export type Expected = Movement & { isDue: boolean };

/** What a statement says. `externalId`: the other side's name for it. */
export type Said = Movement & { externalId: string };

/** What may differ of a movement that both sides have. */
export const FIELDS = ["amount", "fee", "currency"] as const;
export type Field = (typeof FIELDS)[number];

/** What became of a line. `occurrence`: which one it is of those of its name, from 1; equal lines are told apart by it. */
export type Verdict =
  | { is: "matched"; ours: Movement; theirs: Said }
  | { is: "other_day"; ours: Movement; theirs: Said }
  | { is: "different"; ours: Movement; theirs: Said; in: Field[] }
  | { is: "missing_here"; theirs: Said; occurrence: number };
export type MissingThere = { is: "missing_there"; ours: Movement };

/** Says what differs between two movements of one name. */
export type Compare = (ours: Movement, theirs: Said) => Field[];

type Slot = { expected: Expected[]; seen: number };

/** What is compared takes more memory than the caller wants to give: compare fewer names at a time. */
export class TooMany extends Error {
  override readonly name = "TooMany";
}

export const keyOf = ({ kind, name }: Pick<Movement, "kind" | "name">): string => `${kind} ${name}`;

/** Compares what is expected, which comes first, with lines, which come one by one. It remembers `most` names, and no lines. */
export class Matching {
  private readonly slots = new Map<string, Slot>();
  private readonly most: number;
  private readonly compare: Compare;

  constructor(most: number, compare: Compare) {
    this.most = most;
    this.compare = compare;
  }

  expect(one: Expected): void {
    this.slotOf(one).expected.push(one);
  }

  /** Says what a line is. The first line of a name meets what was expected first by that name, the second one what comes next, if anything. */
  judge(theirs: Said): Verdict {
    const slot = this.slotOf(theirs);
    const ours = slot.expected[slot.seen];
    slot.seen++;
    if (ours === undefined) return { is: "missing_here", theirs, occurrence: slot.seen };
    const different = this.compare(ours, theirs);
    if (different.length > 0) return { is: "different", ours, theirs, in: different };
    return { is: ours.isDue ? "matched" : "other_day", ours, theirs };
  }

  /** Gives what is expected in this statement and in none of its lines. */
  *rest(): Generator<MissingThere> {
    for (const { expected, seen } of this.slots.values())
      for (const ours of expected.slice(seen)) if (ours.isDue) yield { is: "missing_there", ours };
  }

  private slotOf(one: Pick<Movement, "kind" | "name">): Slot {
    const key = keyOf(one);
    const known = this.slots.get(key);
    if (known !== undefined) return known;
    if (this.slots.size >= this.most) throw new TooMany();
    const slot: Slot = { expected: [], seen: 0 };
    this.slots.set(key, slot);
    return slot;
  }
}
