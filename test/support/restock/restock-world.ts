import { vi } from "vitest";
import { countStock } from "../../../shared/inventory/count.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { RestockRule } from "../../../shared/restock/model.ts";
import { restock } from "../../../shared/restock/restock.ts";
import { readRestock, setRestock } from "../../../shared/restock/table.ts";
import { createSupplier, NewSupplier } from "../../../shared/suppliers/settings.ts";
import { syncSupplier } from "../../../shared/suppliers/sync.ts";
import { fakeBus } from "../engine/fake-aws.ts";
import type { Everything } from "../engine/on-second-engine.ts";
import { Crashed } from "../faults/calls.ts";
import { makeCodes } from "../inventory/codes.ts";
import { codeProduct, putOnSale } from "../orders/market.ts";
import type { Random } from "../random.ts";
import { type Moody, startMoodySupplier } from "../suppliers/moody.ts";

/** What is bought ahead in a world: so many pieces for 10 each. */
const QUANTITIES = [1, 4] as const;
const COST = 10;
/** A function that buys ahead is stopped after five minutes. */
const LIVES_MS = 300_000;
const BEGINS_AT = Date.parse("2026-01-05T00:10:00Z");

type Fate = "goes on" | "dies" | "answer is lost";
/** A call that is about to be made. Only one process moves at a time: the next to stop is the one that was let go. */
type Parked = { process: Process; go: (fate: Fate) => void };
type Process = { born: number; isDead: boolean };

/** One product that is bought ahead by functions that overlap, die and lose answers, from a supplier that does so too. */
export async function openWorld(alive: Everything["deps"], random: Random, budget: number) {
  let now = BEGINS_AT;
  vi.setSystemTime(now);
  const { events, told } = fakeBus();
  const parked: Parked[] = [];
  const log: string[] = [];
  let running: Process | undefined;
  let moved: () => void = () => undefined;

  const known = makeCodes(1);
  const supplier = await startMoodySupplier({ random, known, cost: COST, clock: () => now, arrives: () => park() });
  const clock = (): Date => new Date(now);
  const deps = { ...alive, events, eventBusName: "bus", clock };
  const supplierId = await nameIt(deps, supplier);
  const productId = await codeProduct(deps);
  await putOnSale(deps, productId, known);
  await syncSupplier(deps, supplierId, clock().toISOString());
  const money = (amount: number) => ({ amount, currency: "CNY" });
  await setRestock(
    deps,
    productId,
    RestockRule.parse({
      below: 1_000,
      quantity: random.pick(QUANTITIES),
      supplierId,
      supplierProductId: "theirs",
      maxCost: money(COST),
      dailyBudget: money(budget),
    }),
    clock(),
  );

  function park(): Promise<Fate> {
    const process = running;
    if (process === undefined) throw new Error("nobody was let go");
    return new Promise((go) => {
      parked.push({ process, go });
      moved();
    });
  }

  /** Lets one process go until it stops before its next call, or ends. */
  async function letGo(process: Process, start: () => void): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      moved = resolve;
    });
    running = process;
    start();
    await stopped;
    running = undefined;
  }

  const isCounted = ({ input, constructor }: { input: Record<string, unknown>; constructor: { name: string } }) => {
    const key = JSON.stringify(input["Item"] ?? input["Key"] ?? {});
    return /^(Put|Get)Command$/.test(constructor.name) && /"restocks"|"supplier#[^"]*","sk":"supplier"/.test(key);
  };

  /** The tables as one process sees them: it may be stopped, or die, before each call that others could come between. */
  function tablesOf(process: Process): typeof deps.db {
    const send = async (command: Parameters<typeof isCounted>[0], ...rest: unknown[]): Promise<unknown> => {
      const really = () => (deps.db.send as (...args: unknown[]) => Promise<unknown>).call(deps.db, command, ...rest);
      if (!isCounted(command)) return really();
      const fate = await park();
      if (fate === "dies" || process.isDead || now - process.born > LIVES_MS) throw new Crashed();
      // Applied, and the answer lost: the client tries the same again.
      if (fate === "answer is lost") await really();
      return really();
    };
    return Object.assign(Object.create(deps.db) as typeof deps.db, { send });
  }

  async function begin(): Promise<void> {
    const process: Process = { born: now, isDead: false };
    const before = await readRestock(deps, productId);
    if (before === undefined) throw new Error("the rule is gone");
    await letGo(process, () => {
      restock({ ...deps, db: tablesOf(process) }, before)
        .catch((error: unknown) => {
          if (!(error instanceof Crashed)) log.push(`failed: ${String(error)}`);
        })
        .finally(() => moved());
    });
  }

  async function step(fate: Fate): Promise<void> {
    const [next] = parked.splice(random.below(parked.length), 1);
    if (next === undefined) return;
    if (fate === "dies") next.process.isDead = true;
    await letGo(next.process, () => next.go(fate));
  }

  function wait(seconds: number): void {
    now += seconds * 1000;
    vi.setSystemTime(now);
    supplier.timeGoesBy();
  }

  return {
    told,
    log,
    supplier,
    /** One thing that may happen. */
    async happens(): Promise<void> {
      const chance = random.next();
      if (chance < 0.15 || parked.length === 0) return begin();
      if (chance < 0.3) return wait(1 + random.below(40));
      if (chance < 0.36) return step("dies");
      return step(chance < 0.41 ? "answer is lost" : "goes on");
    },
    /** Everybody ends, the supplier is well, and the function comes each minute until there is nothing left for it to do. */
    async comesToRest(): Promise<void> {
      supplier.calmDown();
      const finish = async (): Promise<void> => {
        while (parked.length > 0) await step("goes on");
      };
      await finish();
      for (let looks = 0; looks < 100; looks++) {
        wait(61);
        await begin();
        await finish();
        const state = await readRestock(deps, productId);
        if (state?.open?.shortfall !== undefined || (state?.open === undefined && state?.stopped?.told)) return;
      }
      throw new Error(`it never comes to rest: ${JSON.stringify(await readRestock(deps, productId))}`);
    },
    state: () => readRestock(deps, productId),
    available: async () => (await countStock(deps, productId, clock())).available - known.length,
  };
}

async function nameIt(deps: Everything["deps"], supplier: Moody): Promise<string> {
  const credentials = { apiKey: "key", webhookSecret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
  const request = { name: "Moody", protocol: "vouchsafe", baseUrl: supplier.url, credentials, timeoutMs: 15_000 };
  const made = await createSupplier(deps, NewSupplier.parse(request), newId("evt"));
  if (!made.ok) throw new Error(made.detail);
  return made.value.id;
}
