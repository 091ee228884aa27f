import { expect, test } from "vitest";
import { planChange } from "../../../shared/catalog/change.ts";
import { setListing, unlist } from "../../../shared/catalog/listing.ts";
import type { NewProduct } from "../../../shared/catalog/model.ts";
import { createProduct, createVersion, findCurrent, findVersion } from "../../../shared/catalog/products.ts";
import { newId } from "../../../shared/kernel/ids.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { valueOf } from "../../support/value-of.ts";

// What a product says of itself is part of its versions; and what has ended does not come back.

const { deps } = await sceneGround();

const described: NewProduct = {
  kind: "licence",
  name: "Editor, one year",
  price: { amount: 9900, currency: "CNY" },
  names: { zh: "编辑器年卡" },
  description: { zh: "一年", en: "A year" },
  categories: ["software"],
  tags: ["editor", "编辑"],
  regions: ["CN", "HK"],
  validity: { days: 365 },
  refundRule: { buyer: "unseen", days: 7 },
};

const made = async () => valueOf(await createProduct(deps, described, newId("evt"))).id;

async function change(id: string, base: number, asked: object) {
  const key = newId("evt");
  const planned = await planChange(deps, id, { base, change: asked }, key);
  if (!planned.ok || planned.value.kind === "same") return planned;
  return createVersion(deps, id, planned.value.next, key, base, planned.value.requestHash);
}

test("a change of one language leaves the other, and one of a rule replaces all of it; the version that was sold stays", async () => {
  const id = await made();
  const asked = { description: { en: null, zh: "一整年" }, validity: { until: "2030-01-01T00:00:00Z" }, tags: null };
  expect(await change(id, 1, { ...asked, refundRule: { buyer: "always" } })).toMatchObject({ ok: true });
  const { tags: _tags, ...rest } = described;
  expect(await findCurrent(deps, id)).toEqual({
    ...rest,
    id,
    version: 2,
    listing: "listed",
    description: { zh: "一整年" },
    validity: { until: "2030-01-01T00:00:00Z" },
    refundRule: { buyer: "always" },
  });
  expect(await findVersion(deps, id, 1)).toMatchObject(described);
});

test("what has ended stays so, whoever asks and whatever rule applies; ending it again is no mistake", async () => {
  const id = await made();
  for (let twice = 0; twice < 2; twice++)
    expect(await setListing(deps, id, "ended")).toMatchObject({ ok: true, value: { listing: "ended" } });
  for (const listing of ["listed", "draft", "paused"] as const)
    expect(await setListing(deps, id, listing)).toMatchObject({ ok: false, code: "product_ended" });
  await unlist(deps, id, "cost_of_zero", deps.clock());
  expect(await findCurrent(deps, id)).toMatchObject({ listing: "ended" });
  expect(await setListing(deps, newId("prod"), "ended")).toMatchObject({ ok: false, code: "not_found" });
});

test("ending and listing at once leave it ended", async () => {
  const id = await made();
  await Promise.all([setListing(deps, id, "ended"), setListing(deps, id, "paused"), setListing(deps, id, "listed")]);
  expect(await findCurrent(deps, id)).toMatchObject({ listing: "ended" });
});
