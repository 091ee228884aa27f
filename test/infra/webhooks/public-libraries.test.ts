import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { newWebhookSecret, signatureHeaders, webhookKey } from "../../../shared/secrecy/standard-webhooks.ts";
import { pythonVerifies } from "../../support/webhooks/python-verifies.ts";

// What we sign is verified by the public libraries of two languages, each by its own clock.

const body = '{"type":"order.fulfilled","data":{"id":"ord_1","reference":"王小明 ✔"}}';
const [secret, other] = [newWebhookSecret(), newWebhookSecret()];
const signed = (...by: (typeof secret)[]) =>
  signatureHeaders(by.map(webhookKey), { id: "evt_1", rawBody: body }, new Date());

const libraries: Record<string, (headers: Record<string, string>, by: string, text?: string) => Promise<unknown>> = {
  TypeScript: async (headers, by, text = body) => {
    try {
      return new Webhook(by).verify(text, headers);
    } catch {
      return "refused";
    }
  },
  Python: async (headers, by, text = body) => {
    const said = await pythonVerifies({ secret: by, body: text, headers });
    return said === "refused" ? said : (JSON.parse(said) as unknown);
  },
};

describe.each(Object.entries(libraries))("the public library in %s", (_language, verify) => {
  test("verifies what we sign, and with two signatures either secret does", async () => {
    expect(await verify(signed(secret), secret.reveal())).toEqual(JSON.parse(body));
    for (const by of [secret, other])
      expect(await verify(signed(other, secret), by.reveal())).toEqual(JSON.parse(body));
  });

  test("refuses another secret and another body", async () => {
    expect(await verify(signed(secret), other.reveal())).toBe("refused");
    expect(await verify(signed(secret), secret.reveal(), `${body} `)).toBe("refused");
  });
});
