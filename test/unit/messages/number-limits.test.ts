import * as fc from "fast-check";
import { expect, test } from "vitest";
import { NUMBER_LIMITS, nextAllowed } from "../../../shared/messages/limits.ts";
import { at, NOW } from "../../support/orders/order-fixtures.ts";

test("in whatever order messages come, no minute has two of them, no hour six and no day eleven; and none waits for longer than it must", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: 20, maxLength: 60 }), (pauses) => {
      const sent: string[] = [];
      const waits: [string | undefined, boolean][] = [];
      let seconds = 0;
      for (const pause of pauses) {
        seconds += pause;
        const until = nextAllowed(sent, new Date(at(seconds)));
        if (until === undefined) sent.push(at(seconds));
        else
          waits.push([
            nextAllowed(sent, new Date(until)),
            nextAllowed(sent, new Date(Date.parse(until) - 1)) === until,
          ]);
      }
      expect(waits).toEqual(waits.map(() => [undefined, true]));
      for (const { seconds: window, most } of NUMBER_LIMITS)
        for (const one of sent) {
          const within = sent.filter((other) => other >= one && Date.parse(other) < Date.parse(one) + window * 1000);
          expect(within.length).toBeLessThanOrEqual(most);
        }
    }),
  );
  expect(nextAllowed([], NOW)).toBeUndefined();
});
