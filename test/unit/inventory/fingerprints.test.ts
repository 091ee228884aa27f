import { expect, test } from "vitest";
import { fingerprinter, fingerprinterOfTags, tagger, tagKeyOf } from "../../../shared/inventory/fingerprints.ts";
import { fakeKms } from "../../support/engine/fake-aws.ts";

const deps = { kms: fakeKms(), fingerprintKey: "fingerprint" };
const code = { number: "7", secret: "SECRET-A-1234" };

test("a code has one fingerprint, whether it was tagged here or by whoever sealed it", async () => {
  const tag = tagger(await tagKeyOf(deps, "prod_a"))(code);
  expect((await fingerprinterOfTags(deps, "prod_a"))(tag)).toBe((await fingerprinter(deps, "prod_a"))(code));
});

test("a tag is no fingerprint: who may tag tests no guess against the table", async () => {
  const tagKey = await tagKeyOf(deps, "prod_a");
  const tag = tagger(tagKey)(code);
  const fingerprint = (await fingerprinter(deps, "prod_a"))(code);
  const made = [tag, tagger(tagKey)({ secret: tag }), tagger(Buffer.from(tag, "base64url"))(code)];
  expect(made).not.toContain(fingerprint);
});

test("letters that only Unicode tells apart are the same, and capitals are others", async () => {
  const tag = tagger(await tagKeyOf(deps, "prod_a"));
  expect(tag({ secret: "CAFE\u0301" })).toBe(tag({ secret: "CAF\u00C9" }));
  expect(tag({ secret: "secret-a" })).not.toBe(tag({ secret: "SECRET-A" }));
});

test("another product has other tags, and a number is part of the code", async () => {
  const [here, there] = [tagger(await tagKeyOf(deps, "prod_a")), tagger(await tagKeyOf(deps, "prod_b"))];
  const tags = [here(code), there(code), here({ secret: code.secret }), here({ number: "8", secret: code.secret })];
  expect(new Set(tags).size).toBe(tags.length);
});
