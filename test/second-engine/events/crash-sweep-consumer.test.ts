import { expect, test } from "vitest";
import { archive } from "../../../shared/events/archive.ts";
import { type ConsumeDeps, consume } from "../../../shared/events/consume.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { fakeBucket } from "../../support/engine/fake-aws.ts";
import { everythingOn } from "../../support/engine/on-second-engine.ts";
import { startSecondEngine } from "../../support/engine/second-engine.ts";
import { news } from "../../support/events/drill.ts";
import { bothMoments, crashEach } from "../../support/faults/crash.ts";

// A call of a consumer that dies at any of its writes leaves a cursor that the next call goes on from: no event is left out, and none
// is done before those in front of it.

const engine = await startSecondEngine();

test("whatever call dies, the same messages come again, and each event is done, in order", async () => {
  let scenes = 0;
  const length = await crashEach(
    (calls) => everythingOn(engine, { calls }).deps,
    async (doomed) => {
      scenes += 1;
      const subject = `swept-${scenes}`;
      const done: number[] = [];
      const bucket = { s3: fakeBucket().s3, eventArchive: "events" };
      await archive(bucket, { at: news(subject, 2).events[0]?.at ?? "", of: "2" }, [news(subject, 2)]);
      const start = Date.now();
      const consumer = (deps: typeof doomed.deps, laterSeconds: number): ConsumeDeps => ({
        ...deps,
        ...bucket,
        clock: () => new Date(start + laterSeconds * 1000),
        consumer: "swept",
        handle: async ({ number = 0 }) => {
          if (!done.includes(number)) done.push(number);
        },
      });
      const held = { since: new Date(start - LIMITS.eventHeldSeconds * 1000).toISOString(), times: 9 };
      // The second event is only in the archive, and its time is over.
      const all = async (deps: ConsumeDeps): Promise<void> => {
        await consume(deps, { detail: news(subject, 1) }, false);
        await consume(deps, { detail: news(subject, 3, 2), held }, false);
      };
      await doomed.run((deps) => all(consumer(deps, 0)));
      await all(consumer(everythingOn(engine).deps, LIMITS.subjectClaimedSeconds + 1));
      expect(done).toEqual([1, 2, 3, 4]);
    },
    bothMoments,
    "writes",
  );
  expect(length).toBeGreaterThanOrEqual(4);
  await engine.stop();
});
