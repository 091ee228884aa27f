import * as fc from "fast-check";
import { LINE_FAULTS } from "../faults/bad-line.ts";
import type { Disturbed } from "./life-shop.ts";
import type { LineId } from "./payment-life.ts";

// What may happen in one order's payment life. What most can go wrong with comes up more often.

/** A process of ours often dies, and a line breaks, but most acts are undisturbed. Silence takes real time, so it is tried elsewhere. */
const disturbed: fc.Arbitrary<Disturbed> = fc.record({
  crash: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 14 }) },
  ),
  fault: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(...LINE_FAULTS.filter((fault) => fault !== "silence")) },
  ),
});
const nat = fc.nat({ max: 23 });
const line = fc.constantFrom<LineId | undefined>("1", "1", "2", undefined);

const act = fc.oneof(
  { weight: 3, arbitrary: fc.record({ act: fc.constant("begin" as const), way: nat, how: disturbed }) },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant("pay" as const),
      which: nat,
      isLate: fc.boolean(),
      more: fc.constantFrom(0, 0, 0, 0, 1, -1),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      act: fc.constant("news" as const),
      which: nat,
      of: nat,
      times: fc.constantFrom(1, 1, 2),
      how: disturbed,
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("look" as const), which: nat, how: disturbed }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant("care" as const),
      seconds: fc.integer({ min: 10, max: 200 }),
      how: disturbed,
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("expire" as const), how: disturbed }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("others buy" as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("cancel" as const), how: disturbed }) },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant("refund" as const),
      line,
      pieces: fc.constantFrom(undefined, 1, 1, 2),
      how: disturbed,
    }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("see" as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("bounce" as const), how: disturbed }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant("person" as const), isPaidElsewhere: fc.boolean(), how: disturbed }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant("dispute" as const), isInquiry: fc.boolean(), how: disturbed }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant("decide" as const),
      what: fc.constantFrom("won" as const, "lost" as const),
      how: disturbed,
    }),
  },
);
export type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;

/** A life: how it is first to be paid, what happens then, and how the bank decides in the end about a dispute that is open. */
export const life = fc.record({
  way: nat,
  how: disturbed,
  acts: fc.array(act, { minLength: 4, maxLength: 22, size: "max" }),
  verdict: fc.constantFrom("won" as const, "lost" as const),
});
export type Life = typeof life extends fc.Arbitrary<infer L> ? L : never;
