import { createPublicKey, createSecretKey, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  isDigestOf,
  isSignedBy,
  type Message,
  signatureBase,
  signatureOf,
} from "../../../shared/channels/signature.ts";
import { checkSignature, publicKeyFrom } from "../../../shared/channels/signed-requests.ts";

describe("the vectors of RFC 9421, appendix B.2", () => {
  const request = (headers: Record<string, string>): Message => ({
    method: "POST",
    authority: "example.com",
    path: "/foo",
    query: "param=Value&Pet=dog",
    headers: {
      host: "example.com",
      date: "Tue, 20 Apr 2021 02:07:55 GMT",
      "content-type": "application/json",
      "content-digest":
        "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:",
      "content-length": "18",
      ...headers,
    },
    body: Buffer.from('{"hello": "world"}'),
  });
  const der = Buffer.from("MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=", "base64");
  const secret = "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==";
  const vectors: [string, string, KeyObject, string, string][] = [
    [
      "B.2.5, hmac-sha256",
      "test-shared-secret",
      createSecretKey(Buffer.from(secret, "base64")),
      'sig-b25=("date" "@authority" "content-type");created=1618884473;keyid="test-shared-secret"',
      "sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:",
    ],
    [
      "B.2.6, ed25519",
      "test-key-ed25519",
      createPublicKey({ key: der, format: "der", type: "spki" }),
      'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
      "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
    ],
  ];

  test.each(vectors)("%s holds, and of another request it does not", (_name, keyId, key, input, signature) => {
    const holds = (message: Message): boolean => {
      const found = signatureOf(message, keyId);
      const base = found && signatureBase(message, found);
      return found !== undefined && base !== undefined && isSignedBy(key, base, found.bytes);
    };
    const message = request({ "signature-input": input, signature });
    expect(holds(message)).toBe(true);
    expect(holds({ ...message, authority: "example.org" })).toBe(false);
    expect(holds({ ...message, headers: { ...message.headers, date: "Tue, 20 Apr 2021 02:07:56 GMT" } })).toBe(false);
    expect(holds({ ...message, headers: { ...message.headers, "content-type": undefined } })).toBe(false);
  });

  test("the digest of its request is of its body", () => {
    const { body, headers } = request({});
    expect(isDigestOf(body, headers["content-digest"])).toBe(true);
    expect(isDigestOf(Buffer.from('{"hello": "world!"}'), headers["content-digest"])).toBe(false);
    // RFC 9530, appendix D.
    expect(
      isDigestOf(Buffer.from('{"hello": "world"}\n'), "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"),
    ).toBe(true);
    for (const digest of [undefined, "", "md5=:AAAA:", "sha-256=:AAAA:", "sha-256=1", "%"])
      expect(isDigestOf(body, digest)).toBe(false);
  });

  test("a public key is read in PEM, in DER and as its bytes; anything else is none", () => {
    const raw = der.subarray(-32).toString("base64url");
    const pem = `-----BEGIN PUBLIC KEY-----\n${der.toString("base64")}\n-----END PUBLIC KEY-----\n`;
    for (const text of [pem, der.toString("base64"), der.subarray(-32).toString("base64"), raw])
      expect(publicKeyFrom(text)).toBe(raw);
    for (const text of ["", "AAAA", "not a key", `${raw}AA`, secret]) expect(publicKeyFrom(text)).toBeUndefined();
  });
});

describe("a request to us", () => {
  const now = new Date("2026-03-01T10:00:00Z");
  const created = Math.floor(now.getTime() / 1000);
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const x = publicKey.export({ format: "jwk" }).x ?? "";
  const digest = "sha-256=:k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg=:";
  const all = ["@method", "@path", "@query", "idempotency-key", "content-digest"];
  const params = {
    created,
    expires: undefined as number | undefined,
    nonce: "12345678",
    keyid: "key_a",
    alg: undefined as string | undefined,
  };

  /** A request that is signed; `covers` what, `says` what of itself. `after`: what somebody on the way makes of it. */
  function signed(covers = all, says: Partial<typeof params> = {}, after: Partial<Message> = {}): Message {
    const { created: at, expires, nonce, keyid, alg } = { ...params, ...says };
    const input = [
      `sig=(${covers.map((name) => `"${name}"`).join(" ")})`,
      `created=${at}`,
      ...(expires === undefined ? [] : [`expires=${expires}`]),
      `nonce="${nonce}"`,
      `keyid="${keyid}"`,
      ...(alg === undefined ? [] : [`alg="${alg}"`]),
    ].join(";");
    const headers = {
      "idempotency-key": "order-1",
      "content-digest": digest,
      "signature-input": input,
      signature: "sig=:AA==:",
    };
    const message = {
      method: "POST",
      authority: "api.example",
      path: "/v1/orders",
      query: "a=b",
      headers,
      body: Buffer.from('{"hello":"world"}'),
    };
    const found = signatureOf(message, keyid);
    const base = found && signatureBase(message, found);
    const bytes = sign(null, Buffer.from(base ?? ""), privateKey).toString("base64");
    return { ...message, headers: { ...headers, signature: `sig=:${bytes}:` }, ...after };
  }
  const check = (message: Message, at = now) => {
    const held = checkSignature(message, { keyId: "key_a", publicKey: x }, at);
    return held.ok ? "holds" : held.detail;
  };

  test("holds if it covers what counts, within five minutes of when it was made", () => {
    const withDigest = { ...signed() };
    expect(isDigestOf(withDigest.body, digest)).toBe(true);
    expect(check(signed())).toBe("holds");
    expect(check(signed(["@method", "@target-uri", "idempotency-key", "content-digest"]))).toBe("holds");
    expect(check(signed(all, { alg: "ed25519", expires: created + 1 }))).toBe("holds");
    const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000);
    expect([check(signed(), later(300)), check(signed(), later(-300))]).toEqual(["holds", "holds"]);
    for (const seconds of [301, -301]) expect(check(signed(), later(seconds))).toMatch(/not created within 300/);
    expect(check(signed(all, { expires: created }))).toMatch(/has expired/);
  });

  test.each(all)("must cover %s", (name) => {
    expect(check(signed(all.filter((one) => one !== name)))).toContain(`does not cover ${name}`);
  });

  const changed: [string, Partial<Message>][] = [
    ["method", { method: "DELETE" }],
    ["path", { path: "/v1/orders/ord_1" }],
    ["query", { query: "a=c" }],
    ["body", { body: Buffer.from('{"hello":"moon"}') }],
  ];
  test.each(changed)("does not hold when its %s was changed on the way", (_what, after) => {
    expect(check(signed(all, {}, after))).not.toBe("holds");
  });

  test("does not hold under another idempotency key, of another key, or by another way of signing", () => {
    const { headers } = signed();
    expect(check({ ...signed(), headers: { ...headers, "idempotency-key": "order-2" } })).toMatch(/another request/);
    expect(check(signed(all, { keyid: "key_b" }))).toMatch(/whose keyid/);
    expect(check(signed(all, { alg: "hmac-sha256" }))).toMatch(/alg/);
    expect(check(signed(all, { nonce: "short" }))).toMatch(/nonce/);
    expect(check(signed([...all, "@method"]))).toMatch(/request does not have/);
    for (const signature of ["", "sig", "sig=:%:", "other=:AAAA:"])
      expect(check({ ...signed(), headers: { ...headers, signature } })).not.toBe("holds");
  });

  test.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "does not hold if it covers %s, which no request has",
    (name) => {
      const { headers } = signed();
      const input = headers["signature-input"]?.replace('"@path"', `"@path" "${name}"`);
      expect(check({ ...signed(), headers: { ...headers, "signature-input": input } })).toMatch(
        /request does not have/,
      );
    },
  );
});
