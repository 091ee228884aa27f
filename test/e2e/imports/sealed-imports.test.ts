import { readFileSync } from "node:fs";
import {
  DecryptCommand,
  DescribeKeyCommand,
  GenerateDataKeyCommand,
  GenerateMacCommand,
  KMSClient,
  VerifyMacCommand,
} from "@aws-sdk/client-kms";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { credentials } from "../../../infra/local/deploy.ts";
import { operatorClient } from "../../../infra/ops/client.ts";
import { sealFile, sealingWith } from "../../../infra/ops/seal-file.ts";
import { trailOf } from "../../../shared/audit/table.ts";
import { deployedStack } from "../../support/engine/deployed-stack.ts";
import { domain } from "../../support/engine/domain.ts";
import { iamUser } from "../../support/engine/iam-user.ts";
import { terminal } from "../../support/ops/ops.ts";
import {
  countStock,
  eventually,
  importCodes,
  type Json,
  makeCodes,
  openShop,
  order,
  stockProduct,
} from "../../support/orders/shop.ts";
import { everythingKept } from "../../support/secrecy/kept.ts";
import { findIn, needlesFor } from "../../support/secrecy/needles.ts";

const stack = deployedStack();
const { json, raw, file } = terminal(stack);

/** Where any of these codes lies in the clear, in whatever form. */
async function placesOf(codes: readonly string[]): Promise<string[]> {
  const needles = codes.flatMap(needlesFor);
  const places: string[] = [];
  for await (const kept of everythingKept(stack)) places.push(...findIn(kept, needles).map(({ place }) => place));
  return places;
}

const upload = (productId: string, path: string, ...more: string[]): string[] => {
  return ["stock", "upload", "--seal", "--product", productId, "--file", path, "--quiet", ...more];
};

describe.concurrent("a file that is sealed on the operator's machine", () => {
  test("is imported, reported line by line, sold and revealed; and its codes lie nowhere in the clear", async () => {
    const { productId } = await stockProduct(stack, 0);
    const codes = makeCodes(1_050);
    const known = makeCodes(1);
    await importCodes(stack, productId, known);
    const rows = codes.map((code, index) => `${index};${code}`);
    rows.splice(2, 0, "x;", `0;${codes[0]}`, `known;${known[0]}`);
    const path = file("sealed.csv", ["serial;pin", ...rows].join("\r\n"));
    const layout = ["--delimiter", ";", "--secret", "pin", "--number", "serial"];

    const dry = await json(...upload(productId, path, ...layout, "--dry-run"));
    expect(dry).toMatchObject({ code: 3, value: { state: "finished", imported: 1_050, refused: 3, sealed: true } });
    const { code, value: imported } = await json(...upload(productId, path, ...layout));
    expect(code).toBe(3);
    expect(imported).toMatchObject({ state: "finished", imported: 1_050, refused: 3, linesDone: 1_054 });
    const refusals = await json("imports", "refusals", imported.importId);
    expect(refusals.value.data).toEqual([
      { line: 4, reason: "secret_missing" },
      { line: 5, reason: "duplicate_in_file" },
      { line: 6, reason: "duplicate" },
    ]);

    const shop = await openShop(100_000);
    // The first in stock was not sealed.
    const sold = await order(shop, [{ productId, quantity: 3 }]);
    const goods = sold.body.lines[0].deliverables as Json[];
    const ours = goods.filter(({ number }) => number !== undefined);
    expect(ours.length).toBeGreaterThanOrEqual(2);
    for (const { number, secret } of ours) expect(codes[Number(number)]).toBe(secret);
    expect(await placesOf([...ours.map(({ secret }) => secret as string), ...codes.slice(0, 20)])).toEqual([]);
  });

  test("is uploaded without a code in it, by somebody who may seal and nothing else", async () => {
    const { productId } = await stockProduct(stack, 0);
    const account = /:(\d{12}):/.exec(stack.keys.codes)?.[1];
    const policyArn = `arn:aws:iam::${account}:policy/vouchsafe-local-seal-stock`;
    const { apiUrl, awsEndpoint, region, keys } = stack;
    const access = {
      apiUrl,
      awsEndpoint,
      region,
      codesKey: keys.codes,
      credentials: await iamUser(stack, { policyArn }),
    };
    const send = operatorClient(access);
    const codes = makeCodes(10);
    const path = file("by-one-who-may.csv", ["secret", ...codes].join("\n"));

    const created = await send({
      method: "POST",
      path: `/admin/v1/products/${productId}/imports`,
      json: { sealed: true },
    });
    expect(created).toMatchObject({ status: 201 });
    const made = created.body as Json;
    const s3 = new S3Client({ endpoint: awsEndpoint, region, credentials, forcePathStyle: true });
    const [, Bucket, ...key] = new URL(made.uploadUrl).pathname.split("/");
    const bytes = readFileSync(path).length;
    await sealFile(sealingWith(access), made, { path, bytes, layout: {} }, async (sealedPath) => {
      await fetch(made.uploadUrl, { method: "PUT", body: readFileSync(sealedPath) });
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key.join("/") }));
      const text = (await Body?.transformToString()) ?? "";
      expect(text).toContain('"dataKey"');
      expect(findIn({ place: "the upload", text }, codes.flatMap(needlesFor))).toEqual([]);
    });
    expect(await send({ method: "POST", path: `/admin/v1/imports/${made.importId}/start` })).toMatchObject({
      status: 202,
    });
    const look = async () => {
      const { body } = await send({ method: "GET", path: `/admin/v1/imports/${made.importId}` });
      return (body as Json).state === "finished" ? (body as Json) : undefined;
    };
    expect(await eventually(look, "the import")).toMatchObject({ imported: 10 });
    expect(await countStock(stack, productId)).toMatchObject({ available: 10 });
    const trail = (await trailOf(domain(), productId)).find(({ action }) => action === "sealed_import_created");
    expect(trail?.by).toContain("user/operator-");

    const { kms } = sealingWith(access);
    const own = await kms.send(
      new GenerateDataKeyCommand({ KeyId: keys.codes, KeySpec: "AES_256", EncryptionContext: { product: productId } }),
    );
    const EncryptionContext = { product: productId };
    const denied = [
      () => kms.send(new DecryptCommand({ KeyId: keys.codes, CiphertextBlob: own.CiphertextBlob, EncryptionContext })),
      () => kms.send(new GenerateDataKeyCommand({ KeyId: keys.personal, KeySpec: "AES_256", EncryptionContext })),
      () =>
        kms.send(
          new GenerateMacCommand({ KeyId: keys.fingerprint, MacAlgorithm: "HMAC_SHA_256", Message: Buffer.from("x") }),
        ),
    ];
    for (const call of denied) await expect(call()).rejects.toThrow(/not authorized|AccessDenied/i);
    for (const rest of ["stock-imports", "transfers", "codes/searches"]) {
      const answer = await send({ method: "POST", path: `/admin/v1/products/${productId}/${rest}`, json: {} });
      expect(answer.status).toBe(403);
    }
  });

  test("has tags that an administrator can't compute: the keys that secrets are derived from refuse whoever has all rights", async () => {
    const { awsEndpoint, region, keys } = stack;
    const statement = { Effect: "Allow", Action: "kms:*", Resource: "*" };
    const admin = new KMSClient({
      endpoint: awsEndpoint,
      region,
      credentials: await iamUser(stack, { statement }),
      maxAttempts: 1,
    });
    const mac = { MacAlgorithm: "HMAC_SHA_256", Message: Buffer.from("codes of imp_1") } as const;
    for (const KeyId of [keys.fingerprint, keys.generation, keys.recognition]) {
      expect(await admin.send(new DescribeKeyCommand({ KeyId }))).toMatchObject({ KeyMetadata: { Enabled: true } });
      const asked = admin.send(new GenerateMacCommand({ KeyId, ...mac }));
      await expect(asked).rejects.toThrow(/not authorized|AccessDenied/i);
      const guessed = admin.send(new VerifyMacCommand({ KeyId, ...mac, Mac: Buffer.alloc(32) }));
      await expect(guessed).rejects.toThrow(/not authorized|AccessDenied/i);
    }
  });

  test("that can't be read is not sealed, and the import that waits for it is over", async () => {
    const { productId } = await stockProduct(stack, 0);
    const { code, value } = await json(...upload(productId, file("foreign.csv", "code\nSECRET-A\n")));
    expect([code, value]).toEqual([
      1,
      expect.objectContaining({ code: "file_unreadable", reason: "no_secret_column" }),
    ]);
    expect((await json("imports", "show", value.importId)).value).toMatchObject({ state: "cancelled" });
    const missing = await raw(...upload(productId, "/nowhere.csv"));
    expect(missing.code).toBe(2);
  });
});
