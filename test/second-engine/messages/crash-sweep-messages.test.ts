import { expect, test } from "vitest";
import type { Outgoing } from "../../../shared/messages/contract.ts";
import { fakeKms } from "../../support/engine/fake-aws.ts";
import { everythingOn } from "../../support/engine/on-second-engine.ts";
import { startSecondEngine } from "../../support/engine/second-engine.ts";
import { bothMoments, crashEach } from "../../support/faults/crash.ts";
import { messageScene } from "../../support/messages/scene.ts";

// A call that dies at any of its calls to tables leaves what the queue's repeat goes on from, once its claim is over.

const engine = await startSecondEngine();

test("whatever call dies, the buyer is told at least once, and a second time only if the message had been written down before", async () => {
  const kms = fakeKms();
  let scenes = 0;
  const copies = new Set<number>();
  const length = await crashEach(
    (calls) => everythingOn(engine, { calls, kms }).deps,
    async (doomed) => {
      const email = `swept${scenes++}@example.com`;
      const got: Outgoing[] = [];
      const alive = messageScene(everythingOn(engine, { kms }), got);
      const { id } = await alive.orderOf({}, { email });
      await doomed.run(async (deps) => void (await messageScene({ deps }, got).tell(id)));
      const sentByDying = got.length;
      const [left] = await alive.known(id);
      // The message of the queue comes again: at once, and when the claim of the dead call is over.
      await alive.tell(id);
      // While the claim of the dead call holds, nobody else sends it.
      expect(got).toHaveLength(left?.state === "sending" ? sentByDying : 1);
      alive.pass(76);
      await alive.tell(id);
      await alive.run(180);
      expect(await alive.known(id)).toMatchObject([{ state: "sent" }]);
      expect(got.length).toBeGreaterThanOrEqual(1);
      expect(got.length).toBeLessThanOrEqual(left?.state === "sending" ? 2 : 1);
      copies.add(got.length);
    },
    bothMoments,
  );
  expect(length).toBeGreaterThanOrEqual(4);
  // Some have died between the sending and the note of it, and the others were told once.
  expect(copies).toEqual(new Set([1, 2]));
  await engine.stop();
});
