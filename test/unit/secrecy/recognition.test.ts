import { KMSInvalidStateException } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { fingerprintOf } from "../../../shared/kernel/ids.ts";
import { buyerOf } from "../../../shared/limits/model.ts";
import { askedFor, recogniser, recogniseWith } from "../../../shared/secrecy/recognition.ts";
import { fakeKms } from "../../support/engine/fake-aws.ts";

const recognise = recogniseWith(Buffer.alloc(32, 1));
const elsewhere = recogniseWith(Buffer.alloc(32, 2));
const request = { lines: [{ productId: "prod_1", quantity: 1, recipient: { account: "13820000300" } }] };
const older = { idempotencyKey: "order-1", request };

test("a request's hash can't be computed by somebody who knows all of the request", () => {
  const { requestHash } = askedFor(recognise, "ord_1", request, older);
  const known = [request, older, { id: "ord_1", request }, ["ord_1", request], `request\n${fingerprintOf(request)}`];
  const guesses = known.flatMap((guess) => [
    fingerprintOf(guess),
    Buffer.from(fingerprintOf(guess), "hex").toString("base64url"),
  ]);
  for (const guess of guesses) expect(guess.startsWith(requestHash.slice(3, 9))).toBe(false);
  expect(askedFor(elsewhere, "ord_1", request, older).requestHash).not.toBe(requestHash);
});

test("a request's hash names its scheme and is shorter than the one before", () => {
  const { requestHash } = askedFor(recognise, "ord_1", request, older);
  expect(requestHash).toMatch(/^v2:[\w-]{22}$/);
  expect(requestHash.length).toBeLessThan(fingerprintOf(older).length);
});

test("the same request is recognised whatever the order of its members, and no other one, nor the same under another id", () => {
  const { requestHash } = askedFor(recognise, "ord_1", { a: 1, b: 2 }, older);
  expect(askedFor(recognise, "ord_1", { b: 2, a: 1 }, older).isOf(requestHash)).toBe(true);
  expect(askedFor(recognise, "ord_1", { b: 2, a: 2 }, older).isOf(requestHash)).toBe(false);
  expect(askedFor(recognise, "ord_2", { b: 2, a: 1 }, older).isOf(requestHash)).toBe(false);
});

test("what an earlier version kept is compared by its own hash", () => {
  const asked = askedFor(recognise, "ord_1", request, older);
  expect(asked.isOf(fingerprintOf(older))).toBe(true);
  expect(asked.isOf(fingerprintOf({ ...older, idempotencyKey: "order-2" }))).toBe(false);
  for (const odd of [undefined, "", "v2:", "v3:x"]) expect(asked.isOf(odd)).toBe(false);
});

test("a buyer's name tells nothing to somebody who guesses, and no two channels have a buyer in common", () => {
  const here = buyerOf(recognise, "chan_1", "13820000300");
  expect(here?.name).toMatch(/^v2:[\w-]{22}$/);
  expect(buyerOf(recognise, "chan_1", "13820000300")).toEqual(here);
  const others = [
    buyerOf(elsewhere, "chan_1", "13820000300"),
    buyerOf(recognise, "chan_2", "13820000300"),
    buyerOf(recognise, "chan_1", "13820000301"),
  ];
  for (const other of others) expect(other?.name).not.toBe(here?.name);
});

test("KMS is asked once in a process, and again when it failed", async () => {
  const kms = fakeKms();
  const calls: string[] = [];
  let isDown = true;
  const watched = {
    send: (command: never) => {
      calls.push("asked");
      const error = new KMSInvalidStateException({ message: "disabled", $metadata: {} });
      return isDown ? Promise.reject(error) : kms.send(command);
    },
  };
  const recognises = recogniser(watched as unknown as typeof kms, "recognition");
  await expect(Promise.all([recognises(), recognises()])).rejects.toThrow("disabled");
  expect(calls).toHaveLength(1);
  isDown = false;
  const known = await Promise.all([recognises(), recognises(), recognises()]);
  expect(new Set(known.map((one) => one("buyer", "anna"))).size).toBe(1);
  expect(calls).toHaveLength(2);
});
