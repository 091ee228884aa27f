import { randomBytes } from "node:crypto";
import { codeBinding } from "../../shared/inventory/code.ts";
import { newId } from "../../shared/kernel/ids.ts";
import { seal } from "../../shared/secrecy/envelope.ts";
import { makeCodes } from "../support/orders/shop.ts";
import { type Figures, figure } from "./report.ts";

const CODES = 50_000;
const ROUNDS = 5;

/** Sealing as the importer does it, under one data key, in one process. The median of five rounds. */
export function encryption(): Figures {
  const codes = makeCodes(CODES).map((secret) => {
    const binding = codeBinding({ codeId: newId("code"), productId: "prod_bench", batchId: "batch_bench" });
    return { goods: JSON.stringify({ secret }), binding };
  });
  const key = randomBytes(32);
  const rates = Array.from({ length: ROUNDS }, () => {
    const started = performance.now();
    for (const { goods, binding } of codes) seal(key, goods, binding);
    return CODES / ((performance.now() - started) / 1000);
  });
  const median = rates.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  return { "encrypt.codes_per_second": figure(median, "codes a second", 0) };
}
