import { expect, test } from "vitest";
import { setProvider } from "../../../shared/payments/set-provider.ts";
import { careReconciliations } from "../../../shared/reconciliation/due.ts";
import { reconcile } from "../../../shared/reconciliation/reconcile.ts";
import { PROVIDER, withPayments } from "../../support/payments/checkout-shop.ts";
import { at, reconciler } from "../../support/payments/reconciled-shop.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// Days that are not reconciled are looked at again and again, whatever was lost: how they stand decides, not what was told.

const ground = await sceneGround();
const { simulator, deps: paying } = await withPayments(ground.deps);
const { deps } = reconciler(paying);
const failed: string[] = [];

/** Looks as at a moment, and gives how the days stand and which of them are asked for. */
async function care(moment: string) {
  const before = ground.messages.length;
  const now = { ...deps, reconciliationQueueUrl: "reconciliations", clock: () => new Date(moment) };
  const standing = await careReconciliations(now, (provider) => failed.push(provider));
  const sent = ground.messages.slice(before).map(({ MessageBody }) => JSON.parse(MessageBody) as { day: string });
  return { standing, days: sent.map(({ day }) => day) };
}
const look = (day: string, moment: string) => reconcile({ ...deps, clock: () => new Date(moment) }, PROVIDER, day);

test("the last ten days are asked for as soon as they are ready, until each is reconciled; late ones and different ones are counted", async () => {
  // A day's statement is there an hour after its end.
  expect((await care(at("00:59:59", "2026-04-10"))).days.at(-1)).toBe("2026-04-08");
  const first = await care(at("01:00:00", "2026-04-10"));
  expect(first.standing).toEqual({ asked: 10, different: 0, late: 9 });
  expect([first.days[0], first.days.at(-1)]).toEqual(["2026-03-31", "2026-04-09"]);
  // Its messages were lost: the next look asks for all of them again.
  expect((await care(at("02:00:00", "2026-04-10"))).days).toEqual(first.days);
  const line = {
    kind: "payment",
    reference: "elsewhere",
    id: "x",
    amount: 5,
    feeThousandths: 0,
    currency: "CNY",
  } as const;
  simulator.setStatements({ is: "foreign", line: { ...line, at: at("12:00:00", "2026-04-09") } }, { is: "quiet" });
  for (const day of first.days.slice(0, -2)) await look(day, at("02:00:00", "2026-04-10"));
  await look("2026-04-09", at("02:00:00", "2026-04-10"));
  simulator.setDown(true);
  await look("2026-04-08", at("02:00:00", "2026-04-10"));
  const soon = await care(at("02:30:00", "2026-04-10"));
  expect(soon).toEqual({ standing: { asked: 0, different: 1, late: 1 }, days: [] });
  // What could not be read is looked at after an hour, what differs after six.
  expect((await care(at("03:00:00", "2026-04-10"))).days).toEqual(["2026-04-08"]);
  expect((await care(at("08:00:00", "2026-04-10"))).days).toEqual(["2026-04-08", "2026-04-09"]);
  simulator.setDown(false);
  simulator.setStatements();
  for (const day of ["2026-04-08", "2026-04-09"]) await look(day, at("08:00:00", "2026-04-10"));
  expect(await care(at("20:00:00", "2026-04-10"))).toEqual({ standing: { asked: 0, different: 0, late: 0 }, days: [] });
  expect(failed).toEqual([]);
});

test("a provider that can't be looked at is told of, and keeps no other one waiting", async () => {
  const { url: baseUrl, credentials } = simulator;
  const other = { name: "broken", protocol: "simulated", baseUrl, timeoutMs: 2_000, credentials } as const;
  valueOf(await setProvider({ ...deps, paymentSecretsPrefix: "/elsewhere/" }, other));
  const { days } = await care(at("01:00:00", "2026-04-12"));
  expect(failed).toEqual(["broken"]);
  expect(days).toEqual(["2026-04-10", "2026-04-11"]);
});
