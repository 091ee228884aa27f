import { expect, test } from "vitest";
import { trailOf } from "../../../shared/audit/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { terminal } from "../../support/ops/ops.ts";
import type { Json } from "../../support/orders/shop.ts";

// What the command line changes of a product, and what it leaves alone.

const { json } = terminal(deployedStack());

const done = async (...words: string[]): Promise<Json> => {
  const { code, value } = await json(...words);
  expect([code, value]).toEqual([0, value]);
  return value;
};

const priced = ["--price", "1500", "--currency", "CNY"];

test("products change alters what it names, and says what was before", async () => {
  const rules = ["--limit-order", "3", "--limit-buyer", "2/day", "--hold", "600", "--deliver-within", "60"];
  const named = ["--kind", "code", "--name", "Music", ...rules];
  const { id } = await done("products", "create", ...named, ...priced);
  const changed = await done("products", "change", id, "--price", "2600");
  expect(changed).toMatchObject({
    version: 2,
    price: { amount: 2600, currency: "CNY" },
    holdSeconds: 600,
    limits: { perOrder: 3, perBuyer: { quantity: 2, per: "day" } },
    deliverWithinSeconds: 60,
    changes: [{ field: "price.amount", before: 1500, after: 2600 }],
  });
  expect(await done("products", "change", id, "--price", "2600")).toMatchObject({ version: 2, changes: [] });
  const less = await done("products", "change", id, "--no-limit-buyer", "--no-hold");
  expect([less.limits, less.holdSeconds]).toEqual([{ perOrder: 3 }, undefined]);
  expect(await json("products", "change", "prod_none", "--price", "1")).toMatchObject({ code: 1 });
  const [record] = (await trailOf(domain(), id)).filter(({ action }) => action === "product_version_2");
  expect(record).toMatchObject({ before: { "price.amount": 1500 }, after: { "price.amount": 2600 } });
});

test("a retail price is set, changed and taken away, and refused where it is less than the price", async () => {
  const create = ["products", "create", "--kind", "code", "--name", "Music", ...priced];
  const { id, retailPrice } = await done(...create, "--retail-price", "18.00");
  expect(retailPrice).toEqual({ amount: 1800, currency: "CNY" });
  expect(await done("products", "change", id, "--retail-price", "2000")).toMatchObject({
    changes: [{ field: "retailPrice.amount", before: 1800, after: 2000 }],
  });
  const option = { option: "--retail-price", pointer: "/change/retailPrice/amount" };
  const refused = await json("products", "change", id, "--price", "2001");
  expect(refused).toMatchObject({ code: 1, value: { code: "invalid_request", errors: [option] } });
  const { retailPrice: none } = await done("products", "change", id, "--no-retail-price");
  expect(none).toBeUndefined();
});

test("products change that is run again with its key prints what it made, and makes no other version", async () => {
  const { id } = await done("products", "create", "--kind", "code", "--name", "Music", ...priced);
  const change = ["products", "change", id, "--price", "2600", "--stock", "--key", `change-${id}`];
  const made = await done(...change);
  expect(await done(...change)).toEqual(made);
  await done("products", "change", id, "--price", "1700");
  expect(await done(...change)).toEqual(made);
});

test("a currency that there isn't is refused, and the one that was meant is named", async () => {
  const rmb = await json("products", "create", "--kind", "code", "--name", "N", "--price", "1", "--currency", "RMB");
  expect(rmb).toMatchObject({
    code: 2,
    value: { code: "wrong_usage", detail: expect.stringContaining("did you mean CNY?") },
  });
});
