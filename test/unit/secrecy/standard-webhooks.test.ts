import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../shared/kernel/secret.ts";
import { checkSignature, webhookKey } from "../../../shared/secrecy/standard-webhooks.ts";
import { publishedSecret } from "../suppliers/support.ts";

const key = webhookKey(new Secret(publishedSecret));
const body = '{"test": 2432232314}';
const signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
const sentAt = 1614265330;
const headers = {
  "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
  "webhook-timestamp": String(sentAt),
  "webhook-signature": signature,
};
const after = (seconds: number) => new Date((sentAt + seconds) * 1000);
const check = (changed: Record<string, string | undefined> = {}, rawBody = body, at = after(0)) =>
  checkSignature(key, rawBody, { ...headers, ...changed }, at);

describe("a Standard Webhooks signature", () => {
  it("is accepted as published with the standard", () => {
    expect(check()).toEqual({ ok: true, id: headers["webhook-id"] });
  });

  it("is accepted as the published library makes it, whatever the alphabet of the body", () => {
    const text = '{"name":"王小明 ✔"}';
    const made = new Webhook(publishedSecret).sign("msg_1", after(0), text);
    expect(check({ "webhook-id": "msg_1", "webhook-signature": made }, text)).toEqual({ ok: true, id: "msg_1" });
  });

  it("holds for five minutes either way, to the second", () => {
    for (const seconds of [-300, 300]) expect(check({}, body, after(seconds))).toMatchObject({ ok: true });
    for (const seconds of [-301, 301]) expect(check({}, body, after(seconds))).toEqual({ ok: false, reason: "stale" });
  });

  it("is found among others, as while a secret is rotated", () => {
    expect(check({ "webhook-signature": `v1,${"A".repeat(43)}= v1a,xyz ${signature}` })).toMatchObject({ ok: true });
  });

  it.each([
    ["another body", {}, '{"test": 2432232315}'],
    ["the same body formatted otherwise", {}, '{"test":2432232314}'],
    ["another id", { "webhook-id": "msg_other" }, body],
    ["another time", { "webhook-timestamp": String(sentAt + 1) }, body],
    ["another version's label", { "webhook-signature": signature.replace("v1", "v2") }, body],
    ["no version", { "webhook-signature": signature.slice(3) }, body],
    ["a part of the signature", { "webhook-signature": signature.slice(0, 20) }, body],
    ["an empty list", { "webhook-signature": "" }, body],
    ["more signatures than anybody needs", { "webhook-signature": `${"v1,AAAA ".repeat(8)}${signature}` }, body],
  ])("is forged with %s", (_what, changed, rawBody) => {
    expect(check(changed, rawBody)).toEqual({ ok: false, reason: "forged" });
  });

  it.each([
    ["no id", { "webhook-id": undefined }],
    ["an id that could be cut in two places", { "webhook-id": "msg_1.1614265330" }],
    ["an endless id", { "webhook-id": "m".repeat(256) }],
    ["no time", { "webhook-timestamp": undefined }],
    ["a time with trailing rubbish", { "webhook-timestamp": `${sentAt}x` }],
    ["a time in the far future", { "webhook-timestamp": "9".repeat(40) }],
    ["no signature", { "webhook-signature": undefined }],
  ])("is malformed with %s", (_what, changed) => {
    expect(check(changed)).toEqual({ ok: false, reason: "malformed" });
  });

  it("isn't even computed over a body that no callback has", () => {
    expect(check({}, "x".repeat(1024 * 1024 + 1))).toEqual({ ok: false, reason: "malformed" });
  });

  it("of somebody else is forged, not stale, however old", () => {
    expect(check({ "webhook-id": "msg_other" }, body, after(9999))).toEqual({ ok: false, reason: "forged" });
  });
});
