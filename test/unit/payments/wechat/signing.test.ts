import { createPrivateKey, createPublicKey, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import { Secret } from "../../../../shared/kernel/secret.ts";
import { Credentials } from "../../../../shared/payments/wechat/credentials.ts";
import { open } from "../../../../shared/payments/wechat/sealed.ts";
import { authorization, checkSignature, signLines } from "../../../../shared/payments/wechat/signing.ts";
import { API_V3_KEY, credentials, theirs } from "../../../support/payments/wechat/keys.ts";
import { notice, platform, signed } from "../../../support/payments/wechat/published.ts";

const theirKeys = new Map([[platform.serial, createPublicKey(platform.certificate)]]);
const privateKey = createPrivateKey(platform.privateKey);

describe("what WeChat Pay has published", () => {
  test("its notice verifies by its certificate, and no other text or time does", () => {
    const { headers, body, at } = notice;
    const check = (text: string, more: object = {}, now = at) =>
      checkSignature({ theirKeys }, text, { ...headers, ...more }, now);
    expect(check(body)).toBe("valid");
    expect(check(`${body} `)).toBe("forged");
    expect(check(body, { "wechatpay-nonce": "other" })).toBe("forged");
    expect(check(body, { "wechatpay-serial": "D7CE59D1F522D702" })).toBe("forged");
    expect(check(body, { "wechatpay-signature": `WECHATPAY/SIGNTEST/${headers["wechatpay-signature"]}` })).toBe(
      "forged",
    );
    const after = (seconds: number) => new Date(at.getTime() + seconds * 1000);
    expect([300, -300, 301, -301].map((seconds) => check(body, {}, after(seconds)))).toEqual([
      "valid",
      "valid",
      "stale",
      "stale",
    ]);
    for (const name of Object.keys(headers)) expect(check(body, { [name]: undefined })).toBe("malformed");
    expect(check(body, { "wechatpay-timestamp": "1624523846x" })).toBe("malformed");
    expect(check(body, { "wechatpay-nonce": "a\nb" })).toBe("malformed");
  });

  test("its signature is the one that we make", () => {
    const { message, signature } = signed;
    // The vector signs a text without our line feed.
    const isTheirs = verify(
      "sha256",
      Buffer.from(message),
      createPublicKey(platform.certificate),
      Buffer.from(signature, "base64"),
    );
    expect(isTheirs).toBe(true);
    const ours = signLines({ privateKey }, "source");
    expect(
      verify("sha256", Buffer.from("source\n"), createPublicKey(platform.certificate), Buffer.from(ours, "base64")),
    ).toBe(true);
  });

  // wechatpay-apiv3/wechatpay-java, AeadAesCipherTest.
  test("its sealed text opens with its key, also if that is the one before", () => {
    const sealed = {
      ciphertext: "ulwSiIajGClcvcOYvOQ7+l+0PAbzzwI=",
      associated_data: "associatedData",
      nonce: "uluk4a9R25RW",
    };
    const [key, other] = [new Secret(API_V3_KEY), new Secret("0".repeat(32))];
    expect(open(sealed, [key])).toBe("message");
    expect(open(sealed, [other, key])).toBe("message");
    expect(open(sealed, [other])).toBeUndefined();
    expect(open({ ...sealed, associated_data: "other" }, [key])).toBeUndefined();
    expect(open({ ...sealed, nonce: "uluk4a9R25RX" }, [key])).toBeUndefined();
    expect(open({ ...sealed, ciphertext: "" }, [key])).toBeUndefined();
    expect(open({ ...sealed, ciphertext: sealed.ciphertext.slice(0, 20) }, [key])).toBeUndefined();
  });
});

test("a request is signed with its method, its whole target, a time, a text used once, and its body", () => {
  const merchant = { mchId: "1900000109", appId: "wx1", certificateSerial: "ABCDEF01", privateKey, theirKeys };
  const request = { method: "POST", target: "/v3/x?y=1", body: '{"a":1}' };
  const made = authorization(merchant, request, { timestamp: "1554208460", nonce: "593BEC0C930BF1AF" });
  const [, scheme, mchid, once, at, serial, signature = ""] =
    /^(\S+) mchid="(\d+)",nonce_str="(\w+)",timestamp="(\d+)",serial_no="(\w+)",signature="([^"]+)"$/.exec(made) ?? [];
  expect([scheme, mchid, once, at, serial]).toEqual([
    "WECHATPAY2-SHA256-RSA2048",
    "1900000109",
    "593BEC0C930BF1AF",
    "1554208460",
    "ABCDEF01",
  ]);
  const text = 'POST\n/v3/x?y=1\n1554208460\n593BEC0C930BF1AF\n{"a":1}\n';
  expect(
    verify("sha256", Buffer.from(text), createPublicKey(platform.certificate), Buffer.from(signature, "base64")),
  ).toBe(true);
});

test("credentials that can't work are refused by the member that is wrong, and a key is known by its serial", () => {
  const wrong = (change: object): PropertyKey[] =>
    (Credentials.safeParse({ ...credentials, ...change }).error?.issues ?? []).map(({ path: [name = ""] }) => name);
  expect(wrong({})).toEqual([]);
  expect(wrong({ mchId: "nobody" })).toEqual(["mchId"]);
  expect(wrong({ privateKey: "none" })).toEqual(["privateKey"]);
  expect(wrong({ apiV3Key: "short" })).toEqual(["apiV3Key"]);
  expect(wrong({ apiv3key: API_V3_KEY })).toEqual(["apiv3key"]);
  expect(wrong({ [theirs.serial]: "none" })).toEqual([theirs.serial]);
  const { [theirs.serial]: _key, [platform.serial]: _certificate, ...ours } = credentials;
  expect(Credentials.safeParse(ours).error?.issues).toMatchObject([{ path: ["PUB_KEY_ID_…"] }]);
});
