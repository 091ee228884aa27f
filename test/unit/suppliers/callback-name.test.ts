import { expect, test } from "vitest";
import { sha256 } from "../../../shared/kernel/ids.ts";
import { Secret } from "../../../shared/kernel/secret.ts";
import { nameOfCallback } from "../../../shared/suppliers/callback-name.ts";
import { supplierProtocols } from "../../../shared/suppliers/registry.ts";

const settings = { baseUrl: "http://127.0.0.1:9", timeoutMs: 100 };
const dtone = (apiSecret: string) =>
  supplierProtocols.dtone.adapter(settings, { apiKey: new Secret("key"), apiSecret: new Secret(apiSecret) });

test("an unsigned callback's name, which is stored and logged, tells nothing of a body that can be guessed", () => {
  const body = JSON.stringify({
    id: 1,
    external_id: "ord_1-1-1-1",
    credit_party_identifier: { mobile_number: "13820000300" },
  });
  const named = dtone("one").verify(body, {}, new Date());
  expect(named).toMatchObject({ ok: true, event: { eventId: nameOfCallback("one", body) } });
  expect(JSON.stringify(named)).not.toContain(sha256(body).slice(0, 16));
  expect(dtone("one").verify(body, {}, new Date())).toEqual(named);
  expect(dtone("another").verify(body, {}, new Date())).not.toEqual(named);
  expect(nameOfCallback("one", `${body} `)).not.toBe(nameOfCallback("one", body));
});
