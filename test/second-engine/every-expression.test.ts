import { UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isFrom, noteExpressions, placesInSource, type Sent, shapeOf } from "../support/expressions.ts";
import { type Everything, everythingOn } from "../support/on-second-engine.ts";
import { type SecondEngine, startSecondEngine } from "../support/second-engine.ts";
import { care } from "./care.ts";
import { catalogueAndChannels } from "./catalogue.ts";
import { catalogues } from "./catalogues.ts";
import { changes } from "./changes.ts";
import { damage } from "./damage.ts";
import { earlierVersions } from "./earlier-versions.ts";
import { ends } from "./ends.ts";
import { holds } from "./holds.ts";
import { importChanges } from "./import-changes.ts";
import { imports } from "./imports.ts";
import { lanes } from "./lanes.ts";
import { largeOrders } from "./large-orders.ts";
import { disturbedLargeOrders } from "./large-orders-disturbed.ts";
import { levels } from "./levels.ts";
import { limits } from "./limits.ts";
import { pools } from "./pools.ts";
import { records } from "./records.ts";
import { replacedLines } from "./replaced.ts";
import { requestNotes } from "./request-notes.ts";
import { reruns } from "./reruns.ts";
import { restores } from "./restores.ts";
import { restoresAgain } from "./restores-again.ts";
import { returns } from "./returns.ts";
import { reviews } from "./reviews.ts";
import { sales } from "./sales.ts";
import { sealedImports } from "./sealed-imports.ts";
import { sources } from "./sources.ts";
import { stock } from "./stock.ts";
import { storms } from "./storms.ts";
import { sweeps } from "./sweeps.ts";
import { topups } from "./topups.ts";
import { transfers } from "./transfers.ts";
import { twins } from "./twins.ts";

// Every use case that touches a table, against a DynamoDB that refuses what AWS refuses. The last test is about the others:
// it fails when the source makes an expression that none of them sent.

let engine: SecondEngine;
let ground: Everything;
let sent: Sent[];

beforeAll(async () => {
  engine = await startSecondEngine();
  ground = everythingOn(engine);
  sent = noteExpressions(ground.deps.db);
});
afterAll(() => engine.stop());

const theGround = (): Everything => ground;
describe("catalogue and channels", () => {
  catalogueAndChannels(theGround);
});
describe("changes", () => {
  changes(theGround);
});
describe("stock", () => {
  stock(theGround);
});
describe("restores", () => {
  restores(theGround);
});
describe("restores run again", () => {
  restoresAgain(theGround);
});
describe("imports", () => {
  imports(theGround);
});
describe("imports under which something changes", () => {
  importChanges(theGround);
});
describe("what an earlier version has begun", () => {
  earlierVersions(theGround);
});
describe("codes in two layouts", () => {
  twins(theGround);
});
describe("large orders", () => {
  largeOrders(theGround);
});
describe("large orders that are disturbed", () => {
  disturbedLargeOrders(theGround);
});
describe("sealed imports", () => {
  sealedImports(theGround);
});
describe("limits", () => {
  limits(theGround);
});
describe("holds", () => {
  holds(theGround);
});
describe("sweeps", () => {
  sweeps(theGround);
});
describe("levels", () => {
  levels(theGround);
});
describe("damage", () => {
  damage(theGround);
});
describe("transfers", () => {
  transfers(theGround);
});
describe("pools", () => {
  pools(theGround);
});
describe("sales", () => {
  sales(theGround);
});
describe("returns", () => {
  returns(theGround);
});
describe("account lanes", () => {
  lanes(theGround);
});
describe("sources", () => {
  sources(theGround);
});
describe("catalogues", () => {
  catalogues(theGround);
});
describe("storms", () => {
  storms(theGround);
});
describe("top-ups", () => {
  topups(theGround);
});
describe("reruns", () => {
  reruns(theGround);
});
describe("replaced lines", () => {
  replacedLines(theGround);
});
describe("reviews", () => {
  reviews(theGround);
});
describe("notes of requests", () => {
  requestNotes(theGround);
});
describe("records of what did not go through", () => {
  records(theGround);
});

test.for([
  ["a reserved word", { UpdateExpression: "SET state = :one" }],
  ["arithmetic in a condition", { UpdateExpression: "SET x = :one", ConditionExpression: "y + :one > :one" }],
  ["a name that nothing uses", { UpdateExpression: "SET x = :one", ExpressionAttributeNames: { "#y": "y" } }],
] as const)("this engine refuses %s", async ([, expressions]) => {
  const { db, tables } = ground.deps;
  const input = { TableName: tables.platform, Key: { pk: "a", sk: "b" }, ExpressionAttributeValues: { ":one": 1 } };
  await expect(db.send(new UpdateCommand({ ...input, ...expressions }))).rejects.toThrow(
    expect.objectContaining({ name: "ValidationException" }),
  );
});

// Last, for it leaves reviews and waiting executions behind.
describe("care for unfinished orders", () => {
  care(theGround);
});

describe("what the tables hold after all of this", () => {
  ends(theGround);
});

test("every expression in the source was sent by the tests above, and the source shows every one that was sent", () => {
  const places = placesInSource();
  const made = places.filter(({ patterns }) => patterns.length > 0);
  const unproved = made.filter((place) => !sent.some((one) => isFrom(place, one)));
  expect(unproved.map(({ file, function: name, kind, text }) => `${file} ${name}: ${kind} ${text}`)).toEqual([]);
  const unseen = sent.filter((one) => !made.some((place) => isFrom(place, one)));
  expect(unseen.map(({ by, kind, expression }) => `${by.join(" < ")}: ${kind} ${expression}`)).toEqual([]);
  const shapes = new Set(sent.map(shapeOf));
  process.stdout.write(
    `second engine: ${made.length} places, ${shapes.size} shapes, ${sent.length} expressions sent\n`,
  );
  expect(shapes.size).toBeGreaterThan(made.length / 2);
});
