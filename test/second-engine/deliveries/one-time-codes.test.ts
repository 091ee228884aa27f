import { expect, test } from "vitest";
import {
  askForCode,
  type CodeDeps,
  checkCode,
  isProof,
  oneTimeCode,
  wantsCode,
} from "../../../shared/deliveries/one-time-code.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { sceneGround } from "../../support/scenes/ground.ts";

const { deps } = await sceneGround();
const DAY = 24 * 3600;

/** A link whose order is dear, on a clock of its own. `sent`: the codes that its buyer got. */
async function scene() {
  const order = { id: newId("ord"), linkCauses: [] as string[] };
  let now = Date.parse("2026-03-01T12:00:00.000Z");
  const sent: string[] = [];
  const recognise = await deps.recognise();
  const codes: CodeDeps = {
    ...deps,
    clock: () => new Date(now),
    send: async (_, occasion) => void sent.push(oneTimeCode(recognise, order, occasion)),
  };
  return {
    order,
    sent,
    codes,
    ask: (wantsAnother = false) => askForCode(codes, order, wantsAnother),
    check: (typed: string, from = "192.0.2.1") => checkCode(codes, order, typed, from),
    pass: (seconds: number): void => {
      now += seconds * 1000;
    },
  };
}
const wrong = (code = ""): string => code.replaceAll(/\d/g, (digit) => String((Number(digit) + 1) % 10));

test("a code is sent once however often the page is asked, and shows the goods to who types it, once, for a quarter of an hour", async () => {
  const { ask, check, sent, codes, order, pass } = await scene();
  expect([await ask(), await ask(), await ask()]).toEqual(["sent", "there", "there"]);
  const [code = ""] = sent;
  expect([sent.length, /^\d{8}$/.test(code)]).toEqual([1, true]);
  const proofs = await Promise.all(Array.from({ length: 4 }, () => check(`${code.slice(0, 4)} ${code.slice(4)}`)));
  const [proof = "", ...more] = proofs.filter((one) => one !== undefined);
  expect(more).toEqual([]);
  expect(await check(code)).toBe(undefined);
  expect(await isProof(codes, order, proof)).toBe(true);
  const [until = "", mac = ""] = proof.split(".");
  for (const forged of [`${Number(until) + 1}.${mac}`, `${until}.x`, "x", "", "9".repeat(40), `NaN.${mac}`])
    expect([forged, await isProof(codes, order, forged)]).toEqual([forged, false]);
  expect(await isProof(codes, { ...order, linkCauses: ["renewed"] }, proof)).toBe(false);
  pass(901);
  expect(await isProof(codes, order, proof)).toBe(false);
});

test("of any number of tries at once five count, and then the right code is none either", async () => {
  const { ask, check, sent } = await scene();
  await ask();
  const tries = await Promise.all(Array.from({ length: 20 }, () => check(wrong(sent[0]))));
  expect(new Set(tries)).toEqual(new Set([undefined]));
  expect(await check(sent[0] ?? "")).toBe(undefined);
});

test("who burns the tries shuts nobody out: the next code comes after a minute, later after an hour", async () => {
  const { ask, check, sent, pass } = await scene();
  for (let time = 0; time < 5; time++) {
    expect(await ask(true)).toBe("sent");
    for (let tried = 0; tried < 5; tried++) await check(wrong(sent.at(-1)));
    expect([await ask(), await ask(true)]).toEqual(["there", "wait"]);
    pass(61);
  }
  expect(await ask(true)).toBe("wait");
  pass(3600);
  expect(await ask(true)).toBe("sent");
  expect(await check(sent.at(-1) ?? "")).not.toBe(undefined);
  pass(DAY);
  expect([await ask(), sent.length]).toEqual(["sent", 7]);
});

test("who burns the tries of each code as soon as it is sent burns their own alone: its buyer types it from elsewhere", async () => {
  const { ask, check, sent, pass } = await scene();
  for (let time = 0; time < 8; time++) {
    expect(await ask(true)).toBe("sent");
    const tries = Array.from({ length: 20 }, (_, index) => check(wrong(sent.at(-1)), `2001:db8:1:2::${index}`));
    expect(new Set(await Promise.all(tries))).toEqual(new Set([undefined]));
    expect(await check(sent.at(-1) ?? "", "2001:db8:1:2::1")).toBe(undefined);
    expect(await check(sent.at(-1) ?? "", "203.0.113.5")).not.toBe(undefined);
    pass(3601);
  }
});

test("however many networks try a code, so many tries count in all", async () => {
  const { ask, check, sent } = await scene();
  await ask();
  const tries = Array.from({ length: 60 }, (_, index) => check(wrong(sent[0]), `198.51.100.${index}`));
  expect(new Set(await Promise.all(tries))).toEqual(new Set([undefined]));
  expect(await check(sent[0] ?? "", "203.0.113.5")).toBe(undefined);
});

test("a code ends after ten minutes, and one that was asked for after it replaces it", async () => {
  const { ask, check, sent, pass } = await scene();
  await ask();
  pass(LIMITS.codeSeconds);
  expect(await check(sent[0] ?? "")).toBe(undefined);
  expect(await ask()).toBe("sent");
  expect([sent.length, new Set(sent).size]).toEqual([2, 2]);
  expect(await check(sent[0] ?? "")).toBe(undefined);
  expect(await check(sent[1] ?? "")).not.toBe(undefined);
});

test("of twenty pages that ask at once one has the code sent", async () => {
  const { ask, sent } = await scene();
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
  expect([sent.length, answers.filter((one) => one === "sent").length]).toEqual([1, 1]);
});

test("orders above the amount want a code, and those in another currency; not those whose buyer can't be reached", () => {
  const above = { amount: 1_000, currency: "CNY" };
  const email = { fields: { email: new Uint8Array() } } as never;
  const wants = (amount: number, currency = "CNY", contact = email) =>
    wantsCode({ total: { amount, currency }, contact }, { confirmAbove: above, email: "post" });
  expect([wants(1_000), wants(1_001), wants(1, "USD")]).toEqual([false, true, true]);
  expect(wantsCode({ total: { amount: 9_999, currency: "CNY" } }, { confirmAbove: above, email: "post" })).toBe(false);
  expect(wants(9_999, "CNY", { fields: {} } as never)).toBe(false);
  expect(wantsCode({ total: { amount: 9_999, currency: "CNY" }, contact: email }, undefined)).toBe(false);
  // Nobody sends to this address: a code that never comes would keep the buyer from what they have paid.
  const dear = { total: { amount: 9_999, currency: "CNY" }, contact: email };
  expect(wantsCode(dear, { confirmAbove: above, sms: "texts" })).toBe(false);
  expect(wantsCode(dear, { email: "post" })).toBe(false);
});
