import { expect, test } from "vitest";
import { fakeKms } from "../../support/engine/fake-aws.ts";
import { everythingOn } from "../../support/engine/on-second-engine.ts";
import { startSecondEngine } from "../../support/engine/second-engine.ts";
import { bothMoments, crashEach } from "../../support/faults/crash.ts";
import { type Got, webhookScene } from "../../support/webhooks/scene.ts";

// A consumer or a sender that dies at any of its writes leaves what the consumer's repeat, the next call and the schedule go on from.

const engine = await startSecondEngine();

test("whatever call dies, the receiver gets each event, and none before those in front of it", async () => {
  const kms = fakeKms();
  let scenes = 0;
  const length = await crashEach(
    (calls) => everythingOn(engine, { calls, kms }).deps,
    async (doomed) => {
      const n = scenes++;
      const [channelId, subject] = [`chan_swept${n}`, `ord_swept${n}`];
      const got: Got[] = [];
      const alive = webhookScene(everythingOn(engine, { kms }), got);
      const { name } = await alive.endpoint(channelId);
      await doomed.run(async (deps) => {
        const dying = webhookScene({ deps }, got);
        await dying.tell(channelId, subject, 1, 2);
        await dying.serve(name, subject);
      });
      // The consumer's messages come again, and the claim of the call that died ends.
      await alive.tell(channelId, subject, 1, 2, 3);
      await alive.run(180);
      const numbers = alive.numbersOf(subject);
      expect([...new Set(numbers)]).toEqual([1, 2, 3]);
      // At least once, and no more than once again.
      expect(numbers.length).toBeLessThanOrEqual(4);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      await alive.run(60);
      expect(alive.numbersOf(subject)).toEqual(numbers);
    },
    bothMoments,
    "writes",
  );
  expect(length).toBeGreaterThanOrEqual(8);
  await engine.stop();
});
