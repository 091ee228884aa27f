import { expect, test } from "vitest";
import type { Money } from "../../../shared/kernel/money.ts";
import type { Outcome } from "../../../shared/suppliers/contract.ts";
import { type Conformance, groundOf, idOf, needOf } from "./supplier-conformance.ts";

/** What a party says of its charge for one piece, and what an adapter makes of it for the whole of `delivers`. */
type Said = readonly [what: string, said: readonly [amount: unknown, currency?: string], charged: Money | undefined];

/** Adapters that read what was really charged: in whole minor units, and never as nothing where it can't be read. */
export function tellsItsCharges(of: Conformance, cases: readonly Said[]): void {
  const ground = groundOf(of);
  test.each(cases)("what it charges is read: %s", async (_, [amount, currency], charged) => {
    ground.party().setCharge(amount, currency);
    const need = needOf(of.wishes.delivers);
    const outcome = await ground.ended(need, await ground.adapter().place(need));
    expect(outcome.kind).toBe("fulfilled");
    expect(chargeOf(outcome)).toEqual(charged);
    expect(chargeOf(await ground.adapter().query(need.reference, idOf(outcome)))).toEqual(charged);
  });
}

const chargeOf = (outcome: Outcome): Money | undefined => ("charged" in outcome ? outcome.charged : undefined);
