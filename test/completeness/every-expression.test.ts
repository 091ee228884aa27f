import { expect, inject, test } from "vitest";
import { placesInSource, shapeOf } from "../support/scenes/expressions.ts";
import { itemKinds } from "../support/scenes/item-kinds.ts";
import { endsLeftOut, expressionsLeftOut } from "../support/scenes/left-out.ts";
import { filesOfScenes, readRecords } from "../support/scenes/records.ts";

// What the scenes on the second engine have proved together, after all of them: no expression and no kind of item is left out.

const records = readRecords(inject("sceneRecords"));

test("every file of scenes has run to its end: run `--project second-engine` together with this", () => {
  expect(records.map(({ file }) => file).toSorted()).toEqual(filesOfScenes().toSorted());
});

test("every expression in the source was sent by a scene, and the source shows every one that was sent", () => {
  const sent = records.flatMap((record) => record.sent);
  const { made, unproved, unseen } = expressionsLeftOut(placesInSource(), sent);
  expect(unproved).toEqual([]);
  expect(unseen).toEqual([]);
  const shapes = new Set(sent.map(shapeOf));
  process.stdout.write(`second engine: ${made} places, ${shapes.size} shapes\n`);
  expect(shapes.size).toBeGreaterThan(made / 2);
});

test("each end of an item was seen", () => {
  const seen = records.flatMap(({ kinds }) => kinds);
  expect(endsLeftOut(itemKinds, seen)).toEqual([]);
});
