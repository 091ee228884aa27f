import type { Charge, CloseOutcome } from "../contract.ts";
import { exchange, type Line } from "./exchange.ts";
import { look } from "./trades.ts";

/** Closes a trade. Whatever but a yes is the answer, the trade itself says what it is: paid, closed before, or never begun. */
export async function close(line: Line, charge: Charge): Promise<CloseOutcome> {
  const path = `/v3/pay/transactions/out-trade-no/${encodeURIComponent(charge.id)}/close`;
  const answer = await exchange(line, { method: "POST", path, body: { mchid: line.merchant.mchId } });
  if (answer.kind !== "answered") return { kind: "unknown", reason: answer.reason };
  if (answer.status === 204) return { kind: "closed" };
  const looked = await look(line, charge);
  switch (looked.kind) {
    case "paid":
    case "closed":
      return { kind: looked.kind };
    case "never_heard":
    case "unknown":
      return looked;
    case "pending":
      return { kind: "unknown", reason: "still_open" };
  }
}
