import { update } from "../aws/dynamo.ts";
import { after } from "../kernel/clock.ts";
import { LIMITS } from "../kernel/limits.ts";
import { ok, type Result, refuse } from "../kernel/problem.ts";
import { type EndpointDeps, findEndpoint, type WithSecret } from "./endpoints.ts";
import { makeSecret, requestOf, stillGood } from "./secrets.ts";
import { type EndpointName, endpointKey, endpoints } from "./table.ts";

/**
 * Gives an endpoint another secret, which is told once. For `LIMITS.secretOverlapSeconds` the one before signs as well, and so do
 * earlier ones until their own time is over: whose answer was lost rotates once more, and what the receiver knows stays good. A repeat
 * with the same idempotency key makes none, and is told none. Refused while as many sign as may.
 */
export async function rotateSecret(
  deps: EndpointDeps,
  name: EndpointName,
  idempotencyKey: string,
): Promise<Result<WithSecret>> {
  const found = await findEndpoint(deps, name);
  if (!found.ok) return found;
  const { secret: current } = found.value.endpoint;
  const now = deps.clock();
  const good = stillGood(found.value.endpoint, now);
  if (current.madeBy === requestOf(idempotencyKey)) return found;
  if (good.length >= LIMITS.secretsOfBefore)
    return refuse("limit_reached", `${good.length} secrets of before still sign: wait until the oldest is over.`);
  const { secret, kept } = await makeSecret(deps, name, idempotencyKey);
  const { sealed: before, dataKey } = current;
  const rotated = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: endpointKey(name),
    UpdateExpression: "SET secret = :secret, previous = :previous",
    ConditionExpression: "secret.madeBy = :before",
    ExpressionAttributeValues: {
      ":secret": kept,
      ":previous": [{ sealed: before, dataKey, until: after(now, LIMITS.secretOverlapSeconds) }, ...good],
      ":before": current.madeBy,
    },
    ReturnValues: "ALL_NEW",
  });
  if (!rotated.ok) return refuse("changed_meanwhile", "Somebody else rotates the secret.");
  return ok({ ...found.value, endpoint: endpoints.read(rotated.item), secret });
}
