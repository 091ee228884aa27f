import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { forChannels } from "../../../functions/runtime/callers.ts";
import { operations } from "../../../functions/storefront/operations.ts";
import { createChannel, findChannel, findKey, forgetKey } from "../../../shared/channels/keys.ts";
import { setChannelLimits } from "../../../shared/channels/on-keys.ts";
import { rotateKey, setKeySigning } from "../../../shared/channels/rotate-key.ts";
import { publicKeyFrom } from "../../../shared/channels/signed-requests.ts";
import { LIMITS } from "../../../shared/kernel/limits.ts";
import { type Language, runExample } from "../../support/channels/examples.ts";
import { sceneGround } from "../../support/scenes/ground.ts";
import { callFunction } from "../../support/scenes/operator-functions.ts";
import { valueOf } from "../../support/value-of.ts";

// Signed requests at the edge: needed where a key says so, and taken once.

const { deps } = await sceneGround();
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const pem = publicKey.export({ format: "pem", type: "spki" });

/** A key whose requests are signed. */
async function signingKey(
  accepts: "signed" | "any" = "signed",
): Promise<{ channelId: string; keyId: string; apiKey: string }> {
  const made = valueOf(await createChannel(deps, { name: "A shop" }, randomUUID(), deps.clock()));
  const { id: channelId, keyId = "", apiKey = "" } = made;
  const key = await findKey(deps, channelId, keyId);
  const raw = publicKeyFrom(String(pem));
  if (key === undefined || raw === undefined) throw new Error("no key");
  valueOf(await setKeySigning(deps, key, { publicKey: raw, accepts }));
  return { channelId, keyId, apiKey };
}

type Sent = { method: string; path: string; query: string; headers: Record<string, string>; body: Buffer };

/** Says what the edge says of a request. */
async function edge(
  { method, path, query, headers, body }: Sent,
  { sourceIp } = { sourceIp: "192.0.2.1" },
): Promise<string> {
  const event = {
    headers,
    rawPath: path,
    rawQueryString: query,
    requestContext: { requestId: "r", domainName: "api.example", http: { method, sourceIp } },
    body: body.toString("base64"),
    isBase64Encoded: true,
  };
  const found = await forChannels(deps).authenticate(event as never, operations.placeOrder, {});
  return found.ok ? "ok" : `${found.code}: ${found.detail}`;
}

/** A read that is signed by the key pair of this file. */
function signedRead(
  { keyId, apiKey }: { keyId: string; apiKey: string },
  nonce = randomUUID(),
  path = "/v1/orders",
): Sent {
  const says = `("@method" "@path" "@query");created=${Math.floor(Date.now() / 1000)};keyid="${keyId}";nonce="${nonce}"`;
  const base = `"@method": GET\n"@path": ${path}\n"@query": ?limit=5\n"@signature-params": ${says}`;
  const signature = sign(null, Buffer.from(base), privateKey).toString("base64");
  const headers = {
    authorization: `Bearer ${apiKey}`,
    "signature-input": `sig=${says}`,
    signature: `sig=:${signature}:`,
  };
  return { method: "GET", path, query: "limit=5", headers, body: Buffer.alloc(0) };
}

test("a key that signs takes a signed request once, of a hundred at the same time", async () => {
  const key = await signingKey();
  const request = signedRead(key);
  const answers = await Promise.all(Array.from({ length: 100 }, () => edge(request)));
  expect(answers.filter((answer) => answer === "ok")).toHaveLength(1);
  expect(new Set(answers)).toEqual(
    new Set(["ok", "signature_invalid: The signature does not hold: its nonce was used before."]),
  );
  expect(await edge(signedRead(key))).toBe("ok");
});

test("a key that takes signed requests only takes no other; one that takes any still checks what is signed", async () => {
  const [strict, soft] = [await signingKey(), await signingKey("any")];
  const unsigned = ({ apiKey }: { apiKey: string }): Sent => ({
    ...signedRead(strict),
    headers: { authorization: `Bearer ${apiKey}` },
  });
  expect(await edge(unsigned(strict))).toMatch(/^signature_required/);
  expect(await edge(unsigned(soft))).toBe("ok");
  for (const key of [strict, soft]) {
    const nonce = randomUUID();
    expect(await edge({ ...signedRead(key, nonce), query: "limit=6" })).toMatch(/^signature_invalid/);
    // What did not hold has used up no nonce.
    expect(await edge(signedRead(key, nonce))).toBe("ok");
  }
  expect(await edge({ ...signedRead(soft), headers: signedRead(strict).headers })).toBe("ok");
  expect(
    await edge({
      ...signedRead(soft),
      headers: { ...signedRead(strict).headers, authorization: `Bearer ${soft.apiKey}` },
    }),
  ).toMatch(/keyid/);
});

test("a path is signed as it is sent, and API Gateway hands it over decoded", async () => {
  const key = await signingKey();
  const sent = signedRead(key, randomUUID(), "/v1/orders/a%20b%E5%8D%A1%25");
  expect(await edge({ ...sent, path: "/v1/orders/a b卡%" })).toBe("ok");
  expect(await edge(signedRead(key, randomUUID(), "/v1/orders/a%20b"))).toBe("ok");
});

test("who has the key and not its private key uses up nothing of the shop's pace, and is slowed like one who guesses keys", async () => {
  const key = await signingKey();
  const channel = await findChannel(deps, key.channelId);
  const named = await findKey(deps, key.channelId, key.keyId);
  if (channel === undefined || named === undefined) throw new Error("no key");
  valueOf(await setChannelLimits(deps, channel, { requests: { quota: 3, windowSeconds: 3600 } }));
  forgetKey(deps, named.hash);
  const thief = { sourceIp: "198.51.100.9" };
  const unsigned = { ...signedRead(key), headers: { authorization: `Bearer ${key.apiKey}` } };
  const answers = [];
  for (let tries = 0; tries <= LIMITS.unknownKeysFree; tries++) answers.push(await edge(unsigned, thief));
  expect(answers.slice(0, -1).every((answer) => answer.startsWith("signature_required"))).toBe(true);
  expect(answers.at(-1)).toMatch(/^too_many_requests/);
  expect([await edge(signedRead(key)), await edge(signedRead(key), thief)]).toEqual(["ok", "ok"]);
  const nonce = randomUUID();
  expect(await edge(signedRead(key, nonce))).toBe("ok");
  expect(await edge(signedRead(key))).toMatch(/^too_many_requests/);
  expect(await edge(signedRead(key, nonce))).toMatch(/used before|too_many_requests/);
});

test("a key that takes the place of one that signs is signed by the same; without a public key nothing is signed", async () => {
  const key = await signingKey();
  const next = valueOf(await rotateKey(deps, key, 60, deps.clock(), "next"));
  const rotated = { keyId: next.keyId, apiKey: next.apiKey ?? "" };
  expect(await edge(signedRead(rotated))).toBe("ok");
  expect(await edge({ ...signedRead(rotated), headers: { authorization: `Bearer ${rotated.apiKey}` } })).toMatch(
    /required/,
  );
  const params = { channelId: key.channelId, keyId: key.keyId };
  expect(await callFunction(deps, "setKeySigning", { params, json: { publicKey: "none" } })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer: "/publicKey" }] },
  });
  expect(await callFunction(deps, "setKeySigning", { params, json: { publicKey: pem } })).toMatchObject({
    status: 200,
    body: { signing: { publicKey: publicKeyFrom(String(pem)), accepts: "signed" } },
  });
  expect(await callFunction(deps, "setKeySigning", { params, json: { publicKey: null } })).toMatchObject({
    status: 200,
    body: { keyId: key.keyId },
  });
  const named = await findKey(deps, key.channelId, key.keyId);
  if (named === undefined) throw new Error("no key");
  expect(named.signing).toBeUndefined();
  valueOf(await setKeySigning(deps, named, undefined));
  expect(await edge({ ...signedRead(key), headers: { authorization: `Bearer ${key.apiKey}` } })).toBe("ok");
});

test.each(["ts", "python", "bash"] as const satisfies readonly Language[])(
  "the example in %s signs as it must, word for word",
  { timeout: 60_000 },
  async (language) => {
    const key = await signingKey();
    const folder = await mkdtemp(join(tmpdir(), "vouchsafe-signing-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, "signing-key.pem");
    await writeFile(file, privateKey.export({ format: "pem", type: "pkcs8" }), { mode: 0o600 });
    const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const { pathname, search } = new URL(request.url ?? "", "http://localhost");
      const headers = request.headers as Record<string, string>;
      const body = await buffer(request);
      response.end(await edge({ method: request.method ?? "", path: pathname, query: search.slice(1), headers, body }));
    };
    const server = createServer((request, response) => void answer(request, response)).listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const said = await runExample("functions/storefront/SIGNED-REQUESTS.md", language, {
      API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      API_KEY: key.apiKey,
      KEY_ID: key.keyId,
      PRODUCT: "prod_00000000000000000000",
      SIGNING_KEY: file,
    });
    if (said === undefined) console.warn(`left out: this machine has no ${language}`);
    expect((said ?? "ok 200").trim().split(/\s/).toSorted()).toEqual(["200", "ok"]);
  },
);
