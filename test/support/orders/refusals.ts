import { expect } from "vitest";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { PROBLEMS, type ProblemCode } from "../../../shared/kernel/problem.ts";
import { available, countStock, type HttpAnswer, http, type Json, operate, type Shop } from "./shop.ts";
import { pointersIn } from "./shown.ts";

/** Anything of the inside that an outsider could learn from: services, errors, files, resources, schema libraries. */
const INTERNALS =
  /dynamo|lambda|kms|arn:|aws|exception|conditionalcheck|zod|\.(ts|js|mjs)\b|node_modules|at \w+ \(|stack|vouchsafe-/i;

export function expectNoInternals(text: string): void {
  expect(text).not.toMatch(INTERNALS);
}

/** What a refusal looks like from outside, in the parts that RFC 9457 and our own promise ask for. */
function refusalIn({ status, headers, body, text }: HttpAnswer): object {
  const {
    type,
    title,
    status: told,
    detail,
    code,
    requestId,
    errors,
    ...others
  } = (body ?? {}) as Record<string, unknown>;
  return {
    status,
    contentType: headers.get("content-type"),
    cacheControl: headers.get("cache-control"),
    problem: { type, title, status: told, code },
    detailIsASentence: /^[A-Z].*\.$/.test(String(detail)),
    requestIdIsTold: /^[\w=-]{8,}$/.test(String(requestId)) && requestId === headers.get("x-request-id"),
    others,
    errorsHaveMessages: ((errors ?? []) as Record<string, unknown>[]).every(
      (error) => typeof error["message"] === "string" && Object.keys(error).length === 2,
    ),
    pointers: pointersIn(body),
    internals: INTERNALS.exec(text)?.[0],
  };
}

function refusalWith(code: ProblemCode, pointers: readonly string[]): object {
  const { status, title } = PROBLEMS[code];
  return {
    status,
    contentType: "application/problem+json",
    cacheControl: "no-store",
    problem: { type: `/docs/problems/${code}`, title, status, code },
    detailIsASentence: true,
    requestIdIsTold: true,
    others: {},
    errorsHaveMessages: true,
    pointers: pointers.toSorted(),
    internals: undefined,
  };
}

expect.extend({
  toBeRefused(answer: HttpAnswer, code: ProblemCode, ...pointers: string[]) {
    const actual = refusalIn(answer);
    const expected = refusalWith(code, pointers);
    const pass = this.equals(actual, expected);
    return {
      pass,
      actual,
      expected,
      message: () => `the answer is not the refusal ${code}: ${answer.text.slice(0, 500)}`,
    };
  },
});

declare module "vitest" {
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown> {
    /** Problem details with this code, pointing at these fields and no others, saying nothing of the inside. */
    toBeRefused(code: ProblemCode, ...pointers: string[]): R;
  }
}

/** Nothing of the channel's money and of the products' stock is other than before. */
export async function expectUnmoved<T>(shop: Shop, products: readonly string[], act: () => Promise<T>): Promise<T> {
  const look = async (): Promise<Json> => ({
    money: await available(shop),
    stock: await Promise.all(products.map((productId) => countStock(shop.stack, productId))),
    orders: (await http(shop.stack, "GET", "/v1/orders?limit=100", { key: shop.key })).body.data.length,
  });
  const before = await look();
  const result = await act();
  expect(await look()).toEqual(before);
  return result;
}

/** Sends bytes as they are, where `http` would only send text. */
export async function sendBytes(shop: Shop, path: string, bytes: Uint8Array<ArrayBuffer>): Promise<HttpAnswer> {
  const headers = {
    Authorization: `Bearer ${shop.key}`,
    "Content-Type": "application/json",
    "Idempotency-Key": crypto.randomUUID(),
  };
  const answer = await fetch(`${shop.stack.apiUrl}${path}`, { method: "POST", headers, body: bytes });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: JSON.parse(text), text };
}

/** The same channel by another of its keys, which may do only this. */
export async function withKey(shop: Shop, scopes: readonly string[]): Promise<Shop & { keyId: string }> {
  const path = `/admin/v1/channels/${shop.channelId}/keys`;
  const made = await operate(shop.stack, { method: "POST", path, json: { scopes } });
  return { ...shop, key: made.apiKey, keyId: made.keyId };
}

export async function topupProduct(stack: LocalStack, price = 4950): Promise<string> {
  const create = (path: string, json: object) => operate(stack, { method: "POST", path, json });
  const credentials = { apiKey: "a supplier's key", webhookSecret: `whsec_${Buffer.alloc(24, 7).toString("base64")}` };
  const supplier = { name: "Nobody", protocol: "vouchsafe", baseUrl: "http://127.0.0.1:9", credentials };
  const { id: supplierId } = await create("/admin/v1/suppliers", supplier);
  const source = { supplierId, supplierProductId: "prod_phone_50", unguarded: true };
  const product = {
    kind: "topup",
    name: "Phone credit 50",
    price: { amount: price, currency: "CNY" },
    sources: [source],
  };
  const { id } = await create("/admin/v1/products", product);
  return id as string;
}
