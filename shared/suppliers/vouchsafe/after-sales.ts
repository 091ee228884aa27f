import * as z from "zod";
import type { AfterSalesAnswer, AfterSalesQuestion } from "../contract.ts";
import { discard, readJson, send } from "../exchange.ts";
import { fetchGoods } from "./goods.ts";
import { problemSchema } from "./wire.ts";

/** A case of theirs, as far as it answers ours. */
const Case = z.object({ state: z.string(), reason: z.string().optional() });

/** Refusals that speak of the goods. Any other one speaks of the moment, or of us. */
const FINAL = ["line_settled", "wrong_kind", "not_found"];

type Desk = { ordersUrl: string; headers: Record<string, string>; timeoutMs: number };

/** Opens a case at another deployment, or finds the one that was opened: our name of it is its key there. Orders of ours have one line. */
export async function askForOthers(
  { ordersUrl, headers, timeoutMs }: Desk,
  { caseId, supplierOrderId, pieces }: AfterSalesQuestion,
): Promise<AfterSalesAnswer> {
  const orderUrl = `${ordersUrl}/${supplierOrderId}`;
  const sent = await send(
    {
      method: "POST",
      url: `${orderUrl}/cases`,
      headers: { ...headers, "content-type": "application/json", "idempotency-key": caseId },
      body: JSON.stringify({ kind: "void_and_reissue", lineId: "1", pieces }),
    },
    timeoutMs,
  );
  if (sent.kind !== "answered") return sent;
  const { response } = sent;
  if (response.status === 404 || response.status === 409) {
    const content = await readJson(response);
    const problem = problemSchema.safeParse(content.ok ? content.value : undefined);
    if (!problem.success) return { kind: "unknown", reason: "unreadable_answer" };
    return FINAL.includes(problem.data.code) ? { kind: "refused" } : { kind: "not_sent", reason: problem.data.code };
  }
  if (response.status !== 201) {
    await discard(response);
    return { kind: "unknown", reason: `http_${response.status}` };
  }
  const content = await readJson(response);
  const read = Case.safeParse(content.ok ? content.value : undefined);
  if (!read.success) return { kind: "unknown", reason: "unreadable_answer" };
  const { state, reason } = read.data;
  switch (state) {
    case "replaced":
      return othersOf(await fetchGoods(orderUrl, headers, timeoutMs), pieces);
    case "refunded":
      return { kind: "refunded" };
    case "refused":
      return { kind: reason === "used_at_issuer" ? "used" : "refused" };
    // They have given something else, which a person sorts out.
    case "compensated":
    case "delivered":
      return { kind: "refused" };
    default:
      return { kind: "pending" };
  }
}

/** Other codes stand in the places of those that don't work. */
function othersOf(fetched: Awaited<ReturnType<typeof fetchGoods>>, pieces: readonly number[]): AfterSalesAnswer {
  if (!fetched.ok) return { kind: "unknown", reason: fetched.reason };
  const goods = pieces.flatMap((place) => fetched.goods[place - 1] ?? []);
  return goods.length === pieces.length ? { kind: "replaced", goods } : { kind: "unknown", reason: "goods_missing" };
}
