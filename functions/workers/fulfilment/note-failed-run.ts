import * as z from "zod";
import { noteFailedRun } from "../../../shared/fulfilment/runs.ts";
import { correlated } from "../../../shared/kernel/correlation.ts";
import { underItsId } from "../../runtime/correlated.ts";
import { dependenciesOfWorker } from "../../runtime/dependencies.ts";
import { log } from "../../runtime/log.ts";
import { count } from "../../runtime/metrics.ts";
import { OrderTask } from "./tasks.ts";
import { workers } from "./workers.ts";

const { deps } = dependenciesOfWorker(workers.noteFailedRun);

/** "Step Functions Execution Status Change", as EventBridge sends it: the input is JSON text. */
const Failed = z.object({ detail: z.object({ name: z.string(), status: z.string(), input: z.string() }) });

const Input = OrderTask.extend({ correlationId: z.string().optional() });

export const handler = underItsId(async (event: unknown): Promise<void> => {
  const { name: execution, status, input } = Failed.parse(event).detail;
  const { orderId, correlationId } = Input.parse(JSON.parse(input));
  count("RunFailed");
  await correlated(correlationId, async () => {
    log("run_failed", { orderId, execution, status });
    await noteFailedRun(deps, { orderId, execution, status });
  });
});
