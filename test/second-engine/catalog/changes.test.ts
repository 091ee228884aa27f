import { expect, test } from "vitest";
import { planChange } from "../../../shared/catalog/change.ts";
import type { NewProduct } from "../../../shared/catalog/model.ts";
import { createProduct, createVersion, findCurrent } from "../../../shared/catalog/products.ts";
import { versionKey } from "../../../shared/catalog/table.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { freeRequest, noteRequest } from "../../../shared/requests/notes.ts";
import { planRestock, setPlanned } from "../../../shared/restock/table.ts";
import {
  planReviewSettings,
  ReviewSettingsChange,
  readReviewSettings,
  writePlanned,
  writeReviewSettings,
} from "../../../shared/review/settings.ts";
import { ReviewSettings } from "../../../shared/review/table.ts";
import { type Moment, meanwhile } from "../../support/faults/meanwhile.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// A change alters what it names; of two at once neither is lost; and a key is for one request.

const { deps } = await sceneGround();

const full: NewProduct = {
  kind: "code",
  name: "Full",
  price: { amount: 2500, currency: "CNY" },
  sources: [
    { stock: true },
    { supplierId: `sup_${"0".repeat(20)}`, supplierProductId: "theirs", cost: { amount: 9, currency: "USD" } },
  ],
  strategy: "priority",
  holdSeconds: 600,
  limits: { perOrder: 3, perBuyer: { quantity: 2, per: "day" }, utcOffset: "+08:00" },
  deliverWithinSeconds: 60,
  whenLate: "review",
};

const product = async (content: NewProduct = full) => valueOf(await createProduct(deps, content, newId("evt"))).id;

async function change(id: string, asked: Parameters<typeof planChange>[2], key = newId("evt")) {
  const planned = await planChange(deps, id, asked, key);
  if (!planned.ok || planned.value.kind === "same") return planned;
  const { next, requestHash } = planned.value;
  const made = await createVersion(deps, id, next, key, asked.base, requestHash);
  return made.ok ? { ok: true, value: { ...planned.value, product: made.value } } : made;
}

test("a new price changes the price, and says so; all other rules stay", async () => {
  const id = await product();
  const changed = await change(id, { base: 1, change: { price: { amount: 2600 } } });
  expect(changed).toMatchObject({ value: { changes: [{ field: "price.amount", before: 2500, after: 2600 }] } });
  expect(await findCurrent(deps, id)).toEqual({
    ...full,
    id,
    version: 2,
    listing: "listed",
    price: { amount: 2600, currency: "CNY" },
  });
});

test("a rule goes when it is taken away by name, of limits one by one", async () => {
  const id = await product();
  const gone = { limits: { perOrder: null, perBuyer: { quantity: 5, per: "day" as const } }, holdSeconds: null };
  expect(await change(id, { base: 1, change: gone })).toMatchObject({
    value: {
      changes: [
        { field: "holdSeconds", before: 600 },
        { field: "limits.perBuyer.quantity", before: 2, after: 5 },
        { field: "limits.perOrder", before: 3 },
      ],
    },
  });
  const { holdSeconds: _gone, ...rest } = full;
  const limits = { perBuyer: { quantity: 5, per: "day" }, utcOffset: "+08:00" };
  expect(await findCurrent(deps, id)).toEqual({ ...rest, limits, id, version: 2, listing: "listed" });
  await change(id, { base: 2, change: { limits: { perBuyer: null, utcOffset: null } } });
  expect(await findCurrent(deps, id)).not.toHaveProperty("limits");
});

test("what changes nothing makes no version, and what makes no product is refused by field", async () => {
  const id = await product();
  expect(await change(id, { base: 1, change: { name: "Full", holdSeconds: 600 } })).toMatchObject({
    value: { kind: "same", changes: [] },
  });
  expect(await findCurrent(deps, id)).toMatchObject({ version: 1 });
  expect(await change(id, { base: 1, change: { price: { amount: 0 } } })).toMatchObject({
    code: "invalid_request",
    errors: [{ pointer: "/change/price" }],
  });
  expect(await change(id, { base: 1, change: { kind: "link" } })).toMatchObject({ code: "wrong_kind" });
  expect(await change("prod_none", { base: 1, change: {} })).toMatchObject({ code: "not_found" });
});

test("of two changes at once to different things one is told, and none is lost", async () => {
  const id = await product();
  const asked = [{ name: "Other" }, { price: { amount: 1 } }];
  const both = await Promise.all(asked.map((one) => change(id, { base: 1, change: one })));
  expect(both.filter(({ ok }) => ok)).toHaveLength(1);
  expect(both.find(({ ok }) => !ok)).toMatchObject({ code: "changed_meanwhile" });
  const [late] = asked.filter((_one, index) => both[index]?.ok === false);
  expect(await change(id, { base: 2, change: late ?? {} })).toMatchObject({ ok: true });
  expect(await findCurrent(deps, id)).toMatchObject({ name: "Other", price: { amount: 1 }, holdSeconds: 600 });
});

test("a change that is repeated with its key finds the version that it made, also when others came after", async () => {
  const id = await product();
  const asked = { base: 1, change: { price: { amount: 1 } } };
  await change(id, asked, "mine");
  await change(id, { base: 2, change: { price: { amount: 2 } } }, "theirs");
  const changed = [{ field: "price.amount", before: 2500, after: 1 }];
  expect(await change(id, asked, "mine")).toMatchObject({ value: { product: { version: 2 }, changes: changed } });
  expect(await change(id, asked, "another")).toMatchObject({ code: "changed_meanwhile" });
  expect(await findCurrent(deps, id)).toMatchObject({ version: 3, price: { amount: 2 } });
});

test("a rule for buying ahead keeps what a change does not name, off included", async () => {
  const id = await product();
  const [below, quantity] = [5, 4];
  const money = (amount: number) => ({ amount, currency: "CNY" });
  const rule = { below, quantity, supplierId: `sup_${"0".repeat(20)}`, supplierProductId: "x", maxCost: money(5) };
  const set = async (change: Parameters<typeof planRestock>[2]) => {
    const planned = await planRestock(deps, id, change, new Date());
    return planned.ok ? setPlanned(deps, id, planned.value) : planned;
  };
  expect(await set({ below })).toMatchObject({ code: "invalid_request" });
  await set({ ...rule, dailyBudget: money(500), isOn: false });
  expect(await set({ below: 9 })).toMatchObject({
    rule: { ...rule, below: 9, dailyBudget: money(500), isOn: false },
  });
  const planned = valueOf(await planRestock(deps, id, { quantity: 2 }, new Date()));
  await set({ isOn: true });
  expect(await setPlanned(deps, id, planned)).toBeUndefined();
});

test("a setting keeps what a change does not name, currency by currency, and of two at once one is told", async () => {
  const plan = async (change: object) => valueOf(await planReviewSettings(deps, ReviewSettingsChange.parse(change)));
  const set = async (change: object) => writePlanned(deps, await plan(change));
  await set({ twoPeopleFrom: { CNY: 10, EUR: 20 }, people: { "arn:aws:iam::1:user/anna": "a" } });
  await set({ twoPeopleFrom: { EUR: null, USD: 30 } });
  await set({ decideWithinSeconds: 60 });
  const now = { twoPeopleFrom: { CNY: 10, USD: 30 }, decideWithinSeconds: 60 };
  expect(await readReviewSettings(deps)).toEqual({ ...now, people: { "arn:aws:iam::1:user/anna": "a" } });
  const [one, other] = [await plan({ decideWithinSeconds: 70 }), await plan({ twoPeopleFrom: { CNY: 11 } })];
  expect(await writePlanned(deps, one)).toMatchObject({ ok: true });
  expect(await writePlanned(deps, other)).toMatchObject({ code: "changed_meanwhile" });
  expect(await set({ reset: true, decideWithinSeconds: 90 })).toMatchObject({
    value: { twoPeopleFrom: {}, decideWithinSeconds: 90 },
  });
  await writeReviewSettings(deps, ReviewSettings.parse({}));
});

test("a change whose answer was lost is repeated from what is there now, and makes nothing anew", async () => {
  const id = await product();
  const dearer = { price: { amount: 2600 } };
  expect(await change(id, { base: 1, change: dearer }, "lost")).toMatchObject({ value: { product: { version: 2 } } });
  const again = {
    kind: "same",
    product: { version: 2 },
    changes: [{ field: "price.amount", before: 2500, after: 2600 }],
  };
  expect(await change(id, { base: 2, change: dearer }, "lost")).toMatchObject({ value: again });
  // Somebody takes it back: the repeat must not do it once more.
  await change(id, { base: 2, change: { price: { amount: 2500 } } }, "other");
  expect(await change(id, { base: 3, change: dearer }, "lost")).toMatchObject({ value: again });
  expect(await findCurrent(deps, id)).toMatchObject({ version: 3, price: { amount: 2500 } });
  const unlike = await change(id, { base: 3, change: { price: { amount: 1 } } }, "lost");
  expect(unlike).toMatchObject({ code: "idempotency_key_reused" });
});

test("of two unlike changes at once under one key, the one that comes second is refused", async () => {
  const id = await product();
  const plan = async (name: string) => valueOf(await planChange(deps, id, { base: 1, change: { name } }, "twin"));
  const makes = [await plan("One"), await plan("Other")].map((planned) => () => {
    if (planned.kind === "same") throw new Error("there is nothing to change");
    return createVersion(deps, id, planned.next, "twin", 1, planned.requestHash);
  });
  expect(await makes[0]?.()).toMatchObject({ value: { version: 2, name: "One" } });
  expect(await makes[1]?.()).toMatchObject({ code: "idempotency_key_reused" });
  expect(await makes[0]?.()).toMatchObject({ value: { version: 2, name: "One" } });
});

test("a key is for one request: of two unlike ones at once one passes, and a refused one frees it", async () => {
  const scope = ["operators", "{}", "create-channel"];
  const asked = (key: string, name: string) => ({ scope, key, content: { body: { name } } });
  const note = (key: string, name: string) => noteRequest(deps, asked(key, name), new Date());
  for (let turn = 0; turn < 10; turn++) {
    const key = newId("evt");
    const both = await Promise.all([note(key, "one"), note(key, "other")]);
    expect(both.filter(({ ok }) => ok)).toHaveLength(1);
    expect(both.find(({ ok }) => !ok)).toMatchObject({ code: "idempotency_key_reused" });
    const [passed, refused] = both[0].ok ? ["one", "other"] : ["other", "one"];
    expect(await note(key, passed)).toMatchObject({ ok: true });
    await freeRequest(deps, asked(key, refused), new Date());
    expect(await note(key, refused)).toMatchObject({ code: "idempotency_key_reused" });
    await freeRequest(deps, asked(key, passed), new Date());
    expect(await note(key, refused)).toMatchObject({ ok: true });
    expect(await note(key, passed)).toMatchObject({ code: "idempotency_key_reused" });
  }
  expect(await noteRequest(deps, { ...asked("k", "one"), scope: ["chan_1"] }, new Date())).toMatchObject({
    ok: true,
  });
  expect(await noteRequest(deps, { ...asked("k", "other"), scope: ["chan_2"] }, new Date())).toMatchObject({
    ok: true,
  });
});

test("a key that asks for another change is refused also at the moment at which its first one is made", async () => {
  const id = await product();
  const key = newId("evt");
  const isItsVersionRead: Moment = ({ input }) => JSON.stringify(input["Key"]) === JSON.stringify(versionKey(id, 2));
  const twin = meanwhile(deps, isItsVersionRead, () => change(id, { base: 1, change: { name: "One" } }, key));
  expect(await planChange(twin, id, { base: 1, change: { name: "Other" } }, key)).toMatchObject({
    ok: false,
    code: "idempotency_key_reused",
  });
  expect(await findCurrent(deps, id)).toMatchObject({ version: 2, name: "One" });
});
