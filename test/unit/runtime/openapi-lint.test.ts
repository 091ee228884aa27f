import { createConfig, lintFromString } from "@redocly/openapi-core";
import spectral from "@stoplight/spectral-core";
import rulesets from "@stoplight/spectral-rulesets";
import { expect, test } from "vitest";
import { operatorDocument } from "../../../functions/operator/orders/operator-document.ts";
import { storefrontDocument } from "../../../functions/storefront/api/storefront-document.ts";

// What other people's checkers of OpenAPI documents say about ours: nothing.

const documents = { storefront: storefrontDocument(), operator: operatorDocument() };

const spectralFinds = async (document: object): Promise<string[]> => {
  const checker = new spectral.Spectral();
  checker.setRuleset({ extends: [[rulesets.oas, "recommended"]] } as never);
  const found = await checker.run(JSON.stringify(document));
  return found.map(({ code, path, message }) => `${code} ${path.join(".")}: ${message}`);
};

const redoclyFinds = async (document: object): Promise<string[]> => {
  const config = await createConfig({ extends: ["recommended"] });
  const found = await lintFromString({ source: JSON.stringify(document), config });
  return found.map(({ ruleId, location, message }) => `${ruleId} ${location[0]?.pointer ?? ""}: ${message}`);
};

test.each(Object.entries(documents))("Spectral finds nothing in the %s document", async (_, document) => {
  expect(await spectralFinds(document)).toEqual([]);
});

test.each(Object.entries(documents))("Redocly finds nothing in the %s document", async (_, document) => {
  expect(await redoclyFinds(document)).toEqual([]);
});

test("both find what is wrong", async () => {
  const broken = structuredClone(documents.storefront) as { paths: Record<string, Record<string, { tags: unknown }>> };
  const order = broken.paths["/v1/orders"]?.["post"];
  if (order !== undefined) Object.assign(order, { tags: ["nobody"], operationId: "listProducts" });
  expect((await spectralFinds(broken)).join("\n")).toContain("operation-tag-defined");
  expect((await redoclyFinds(broken)).join("\n")).toContain("operation-operationId-unique");
});
