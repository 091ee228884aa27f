import { emit } from "../../../shared/events/emit.ts";
import { placeLine } from "../../../shared/fulfilment/place-line.ts";
import type { SupplierEvent } from "../../../shared/suppliers/events.ts";
import type { HealthChange } from "../../../shared/suppliers/health.ts";
import { clock, dependenciesOfWorker, eventsClient, kmsClient, ssmClient } from "../../runtime/dependencies.ts";
import { errorName, log } from "../../runtime/log.ts";
import { count } from "../../runtime/metrics.ts";
import { taskFunction } from "../../runtime/task.ts";
import { OrderTask } from "./tasks.ts";
import { workers } from "./workers.ts";

const { env, deps: given } = dependenciesOfWorker(workers.placeLine);
const bus = { events: eventsClient(), eventBusName: env.EVENT_BUS };

/**
 * Tells that a supplier fell sick or has recovered: as a metric for the alarm, a log line and an event. If the bus
 * can't be reached, the event is lost.
 */
async function tellHealth(health: HealthChange): Promise<void> {
  const { supplierId, kind } = health;
  log("supplier_health", { supplierId, change: kind });
  if (kind === "fell_sick") count("SupplierSick");
  try {
    await emit(bus, { subject: supplierId, events: [eventOf(health, clock().toISOString())] });
  } catch (error) {
    log("task_failed", { task: "place-line", error: errorName(error) }, error);
  }
}

function eventOf(health: HealthChange, at: string): SupplierEvent {
  const { supplierId } = health;
  const told = { occasion: `${supplierId}@${at}`, at };
  switch (health.kind) {
    case "recovered":
      return { ...told, type: "supplier.healthy", facts: { supplierId } };
    case "fell_sick":
      return { ...told, type: "supplier.unhealthy", facts: { supplierId, reason: health.cause } };
  }
}

const deps = {
  ...given,
  kms: kmsClient(),
  personalKey: env.PERSONAL_KEY,
  codesKey: env.CODES_KEY,
  fingerprintKey: env.FINGERPRINT_KEY,
  onHealth: tellHealth,
  ssm: ssmClient(),
  secretsPrefix: env.SECRETS_PREFIX,
};

export const handler = taskFunction("place-line", OrderTask, ({ orderId }) => placeLine(deps, orderId));
