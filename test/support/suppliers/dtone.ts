/**
 * DT One's DVS API as its documents say, for the "dtone" protocol. As in their test environment the last three digits of the
 * number choose the outcome; what takes 20 s or 5 min there takes `WORK_MS` here. Callbacks are unsigned.
 */
import { randomBytes, randomInt } from "node:crypto";
import * as z from "zod";
import { type Call, type Party, type Reply, startParty } from "./party.ts";
import { post } from "./supplier-callbacks.ts";
import { json } from "./supplier-wire.ts";

const NewTransaction = z.strictObject({
  external_id: z.string().min(1).max(40),
  product_id: z.int().min(1),
  auto_confirm: z.literal(true),
  credit_party_identifier: z.strictObject({ mobile_number: z.string().regex(/^\+?\d{6,15}$/) }).optional(),
  callback_url: z.url().optional(),
});
type Transaction = z.infer<typeof NewTransaction> & { id: number; status: keyof typeof STATUSES; deliveries: number };

const STATUSES = {
  CONFIRMED: { id: 20000, class: 2 },
  SUBMITTED: { id: 50000, class: 5 },
  COMPLETED: { id: 70000, class: 7 },
  REVERSED: { id: 80000, class: 8 },
  DECLINED: { id: 90200, class: 9 },
};

/** Numbers by what becomes of them. */
export const PHONES = {
  fine: "+6591234100",
  refused: "+6591234102",
  duplicate: "+6591234105",
  slow: "+6591234200",
  slowRefused: "+6591234202",
  reversed: "+6591234208",
  takenBack: "+6591234108",
  noFunds: "+6591234103",
  lostAnswer: "+6591234199",
  throttled: "+6591234129",
};
/** A PIN, which nobody is topped up with. */
export const PIN_PRODUCT = "7001";
const WORK_MS = 150;
/** What a product is said to cost, and a transaction to have cost, with the fee on top. */
const WHOLESALE = { amount: 4.205, fee: 0.1, unit: "USD", unit_type: "CURRENCY" };

export type DtoneParty = Party & { credentials: { apiKey: string; apiSecret: string } };

export async function startDtone(): Promise<DtoneParty> {
  const credentials = { apiKey: randomBytes(8).toString("hex"), apiSecret: randomBytes(12).toString("hex") };
  const authorization = `Basic ${Buffer.from(`${credentials.apiKey}:${credentials.apiSecret}`).toString("base64")}`;
  const transactions: Transaction[] = [];
  let callbackUrl: string | undefined;
  let wholesale: object = WHOLESALE;

  function shown({ id, external_id, status, product_id }: Transaction): object {
    const { id: statusId, class: classId } = STATUSES[status];
    const name = { id: statusId, message: status, class: { id: classId, message: status } };
    const isPin = String(product_id) === PIN_PRODUCT && status === "COMPLETED";
    const prices = { retail: { ...WHOLESALE, amount: 5 }, wholesale };
    return {
      id,
      external_id,
      status: name,
      prices,
      ...(isPin ? { pin: { code: `PIN-${id}`, serial: `S-${id}` } } : {}),
    };
  }

  function finish(transaction: Transaction, status: Transaction["status"]): void {
    transaction.status = status;
    if (status === "COMPLETED") transaction.deliveries += 1;
    const url = transaction.callback_url ?? callbackUrl;
    const headers = { "content-type": "application/json" };
    if (url !== undefined)
      party.later(
        0,
        async () => void (await post(url, { body: JSON.stringify(shown(transaction)), headers }, party.stopped)),
      );
  }

  function place({ body }: Call): Reply {
    const given = NewTransaction.safeParse(json(body));
    if (!given.success) return { status: 400, body: { errors: [{ code: 1000400, message: "Bad request" }] } };
    const suffix = given.data.credit_party_identifier?.mobile_number.slice(-3) ?? "100";
    if (suffix === "129")
      return {
        status: 429,
        body: { errors: [{ code: 1000429, message: "Too many" }] },
        headers: { "retry-after": "7" },
      };
    const isTaken = transactions.some(({ external_id }) => external_id === given.data.external_id);
    if (isTaken) return { status: 400, body: { errors: [{ code: 1003001, message: "External id is taken" }] } };
    if (suffix === "105")
      return { status: 400, body: { errors: [{ code: 1003001, message: "External id is taken" }] } };
    if (suffix === "103")
      return { status: 400, body: { errors: [{ code: 1006001, message: "Insufficient balance" }] } };
    if (given.data.product_id === 404)
      return { status: 404, body: { errors: [{ code: 1003404, message: "No such product" }] } };
    const transaction: Transaction = { ...given.data, id: randomInt(1, 2 ** 40), status: "CONFIRMED", deliveries: 0 };
    transactions.push(transaction);
    if (suffix === "100" || suffix === "199") finish(transaction, "COMPLETED");
    else if (suffix === "108") {
      finish(transaction, "COMPLETED");
      party.later(WORK_MS, () => finish(transaction, "REVERSED"));
    } else if (suffix === "102") finish(transaction, "DECLINED");
    else {
      transaction.status = "SUBMITTED";
      const ends = { "202": "DECLINED", "208": "REVERSED" } as const;
      const end = ends[suffix as keyof typeof ends] ?? "COMPLETED";
      party.later(WORK_MS, () => finish(transaction, end));
    }
    return suffix === "199" ? "cut" : { status: 201, body: shown(transaction) };
  }

  const party = await startParty((call) => {
    const { method, url, headers } = call;
    if (headers.authorization !== authorization)
      return { status: 401, body: { errors: [{ code: 1000401, message: "" }] } };
    if (method === "POST" && url.pathname === "/v1/async/transactions") return place(call);
    switch (url.pathname) {
      case "/v1/transactions": {
        const wanted = url.searchParams.get("external_id");
        return { status: 200, body: transactions.filter(({ external_id }) => external_id === wanted).map(shown) };
      }
      case "/v1/balances":
        return { status: 200, body: [{ id: 1, unit: "USD", unit_type: "CURRENCY", available: 120.5, holding: 0 }] };
      case "/v1/products":
        return { status: 200, body: products(Number(url.searchParams.get("page") ?? 1)) };
      default:
        return { status: 404, body: { errors: [{ code: 1000404, message: "Not found" }] } };
    }
  });
  return {
    ...party,
    url: `${party.url}/v1`,
    credentials,
    setCallbackUrl: (url) => {
      callbackUrl = url;
    },
    setCharge: (amount, unit = "USD") => {
      wholesale = { ...WHOLESALE, amount, unit };
    },
    deliveries: (reference) =>
      transactions.filter(({ external_id }) => external_id === reference).reduce((sum, one) => sum + one.deliveries, 0),
  };
}

/** A full page and a short one. */
function products(page: number): object[] {
  const product = (id: number) => ({
    id,
    name: `Credit ${id}`,
    type: "FIXED_VALUE_RECHARGE",
    prices: { wholesale: WHOLESALE },
  });
  if (page === 1) return Array.from({ length: 100 }, (_, index) => product(index + 1));
  return [{ ...product(101), prices: null }];
}
