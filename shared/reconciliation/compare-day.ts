import type { Db } from "../aws/dynamo.ts";
import { spread } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { StatementKind } from "../payments/statement-contract.ts";
import { compareWithStatement } from "./compare.ts";
import { expectedOn } from "./expected.ts";
import type { DifferencesWriter } from "./kept.ts";
import { lookUp } from "./look-up.ts";
import { keyOf, Matching, type Movement, TooMany, type Verdict } from "./match.ts";
import { type Counts, type Difference, differenceId, figuresOf, noCounts, type Sums, type Todo } from "./model.ts";
import type { Spool } from "./spool.ts";

type Deps = Db<"orders" | "operations" | "ledger">;
type MissingHere = Extract<Verdict, { is: "missing_here" }>;

/** What a comparison has found. `carried`: differences that may still be found on the day after. Fees and payouts in minor units. */
export type Compared = {
  counts: Counts;
  carried: number;
  first: Difference[];
  fees: Sums;
  payouts: Sums;
  /** By how much all lines together have changed what the provider has for us. */
  net: Sums;
  closing: Sums;
};

/**
 * Whose day is compared, and what its neighbours say: movements of this day that they have, and whether the day after is read. `accepted`:
 * ids of differences that a person has accepted.
 */
export type OfDay = {
  provider: string;
  zone: string;
  day: string;
  elsewhere: ReadonlySet<string>;
  isNextRead: boolean;
  accepted: ReadonlySet<string>;
};

/** Lines that our books don't have by their name, looked up together. */
const LOOKED_UP_TOGETHER = 200;

/** Compares a statement with our books, in as few parts as memory allows. `writerFor` makes the place of the differences anew each time. */
export async function compareDay(
  deps: Deps,
  of: OfDay,
  spool: Spool,
  writerFor: () => DifferencesWriter,
): Promise<{ compared: Compared; writer: DifferencesWriter }> {
  for (let parts = 1; ; parts *= 2) {
    const writer = writerFor();
    try {
      return { compared: await new Comparison(deps, of, spool, writer, parts).run(), writer };
    } catch (error) {
      if (!(error instanceof TooMany) || parts === LIMITS.comparedParts) throw error;
    }
  }
}

class Comparison {
  private readonly counts = noCounts();
  private readonly first: Difference[] = [];
  private readonly fees: Sums = {};
  private readonly payouts: Sums = {};
  private readonly net: Sums = {};
  private readonly closing: Sums = {};
  private carried = 0;
  private missing: MissingHere[] = [];
  private readonly deps: Deps;
  private readonly of: OfDay;
  private readonly spool: Spool;
  private readonly writer: DifferencesWriter;
  private readonly parts: number;

  constructor(deps: Deps, of: OfDay, spool: Spool, writer: DifferencesWriter, parts: number) {
    this.deps = deps;
    this.of = of;
    this.spool = spool;
    this.writer = writer;
    this.parts = parts;
  }

  async run(): Promise<Compared> {
    await this.besideMovements();
    for (let part = 0; part < this.parts; part++) await this.comparePart(part);
    await this.lookUpMissing();
    const { counts, carried, first, payouts, closing } = this;
    return { counts, carried, first, fees: whole(this.fees), payouts, net: whole(this.net), closing };
  }

  /** What is no movement of a payment: it is summed up, and compared with nothing. */
  private async besideMovements(): Promise<void> {
    // What the lines say that fees are, until they are told as they were really taken: the rest is rounding.
    let exact = 0;
    for (const row of this.spool.rows()) {
      if (row.row === "fees") {
        add(this.fees, row.currency, row.amount * 1_000 - exact);
        add(this.net, row.currency, exact - row.amount * 1_000);
      }
      if (row.row === "closing") this.closing[row.currency] = row.amount;
      if (row.row === "unreadable")
        await this.tell({ is: "unreadable", todo: "read_by_hand", line: row.number, reason: row.reason });
      if (row.row !== "line") continue;
      const { kind, amount, feeThousandths, currency } = row.line;
      this.counts.lines++;
      exact += feeThousandths;
      add(this.net, currency, signOf(kind) * amount * 1_000 - feeThousandths);
      if (kind === "fee") add(this.fees, currency, amount * 1_000 + feeThousandths);
      if (kind === "payout") {
        add(this.payouts, currency, amount);
        add(this.fees, currency, feeThousandths);
      }
      if (kind === "fee" || kind === "payout") this.counts.matched++;
    }
  }

  private async comparePart(part: number): Promise<void> {
    const { deps, of, parts, spool } = this;
    const isOfPart = (one: Pick<Movement, "kind" | "name">): boolean =>
      parts === 1 || spread(keyOf(one), parts) === part;
    const matching = new Matching(LIMITS.namesComparedAtOnce, compareWithStatement);
    for await (const one of expectedOn(deps, of.provider, of.zone, of.day)) if (isOfPart(one)) matching.expect(one);
    for (const row of spool.rows()) {
      if (row.row !== "line" || row.line.kind === "fee" || row.line.kind === "payout" || !isOfPart(row.line)) continue;
      await this.note(matching.judge(row.line));
    }
    for (const { ours } of matching.rest()) await this.noteMissingThere(ours);
  }

  private async note(verdict: Verdict): Promise<void> {
    if (verdict.is === "missing_here") {
      this.missing.push(verdict);
      if (this.missing.length === LOOKED_UP_TOGETHER) await this.lookUpMissing();
      return;
    }
    const { ours, theirs } = verdict;
    // Whatever else differs, the provider has kept this; what it keeps in another currency nobody can take off.
    if (ours.currency === theirs.currency) add(this.fees, theirs.currency, theirs.feeThousandths - ours.feeThousandths);
    if (verdict.is === "matched") {
      this.counts.matched++;
      return;
    }
    const { kind, name, externalId } = theirs;
    const both = { kind, name, externalId, ours: figuresOf(ours), theirs: figuresOf(theirs) };
    if (verdict.is === "different")
      await this.tell({ is: "different", todo: todoFor(verdict.in), in: verdict.in, ...both });
    else await this.tell({ is: "other_day", todo: "nothing", ...both });
  }

  /** What the statement of a neighbouring day has is nobody's concern. What the next one may still have is carried until that is read. */
  private async noteMissingThere(ours: Movement): Promise<void> {
    if (this.of.elsewhere.has(keyOf(ours))) {
      this.counts.matched++;
      return;
    }
    const { kind, name } = ours;
    const { isNextRead } = this.of;
    const todo = isNextRead ? "ask_provider" : "wait_a_day";
    const one: Difference = { is: "missing_there", todo, kind, name, ours: figuresOf(ours) };
    if (!isNextRead && !this.isAccepted(one)) this.carried++;
    await this.tell(one);
  }

  private async lookUpMissing(): Promise<void> {
    const { matched, differences } = await lookUp(this.deps, this.of.provider, this.missing);
    this.missing = [];
    this.counts.matched += matched;
    for (const one of differences) await this.tell(one);
  }

  private isAccepted(one: Difference): boolean {
    return this.of.accepted.has(differenceId(one));
  }

  /** What was accepted is listed, and counts no more. */
  private async tell(one: Difference): Promise<void> {
    if (!this.isAccepted(one)) {
      this.counts[one.is]++;
      if (this.first.length < LIMITS.differencesShown) this.first.push(one);
    }
    await this.writer.add(one);
  }
}

function todoFor(fields: readonly string[]): Todo {
  if (fields.includes("currency")) return "check_currency";
  return fields.includes("amount") ? "check_amount" : "check_rate";
}

/** What goes out of the provider's account for us is positive in its lines too, but for disputes and what we don't know. */
const signOf = (kind: StatementKind): 1 | -1 => (kind === "refund" || kind === "fee" || kind === "payout" ? -1 : 1);

/** Rounds thousandths of a minor unit. */
const whole = (sums: Sums): Sums =>
  Object.fromEntries(Object.entries(sums).map(([currency, sum]) => [currency, Math.round(sum / 1_000)]));

function add(sums: Sums, currency: string, amount: number): void {
  sums[currency] = (sums[currency] ?? 0) + amount;
}
