import { type Db, update, type Written } from "../aws/dynamo.ts";
import { after, type Clock } from "../kernel/clock.ts";
import { newNonce } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import type { Health } from "./model.ts";
import { type EndpointName, type Sender, senderKey, senders } from "./table.ts";

type Deps = Db<"operations"> & { clock: Clock };

/** Subjects that others may ask for while an endpoint is served. More are found in the list of what is due. */
const MOST_ASKED = 100;

/**
 * An endpoint that one call has for itself. `release` lets go of it, unless others have asked for subjects meanwhile: it returns them, and
 * the call goes on. `anyway`: it lets go also then; the schedule finds what is left.
 */
export type Claimed = { health: Health; release: (anyway?: boolean) => Promise<string[] | undefined> };

/**
 * Takes an endpoint for one call, so that two never send at once: what the one sends could overtake what the other does. Undefined:
 * another call has it, and is told of the subject. A call that dies loses it after `LIMITS.endpointClaimedSeconds`.
 */
export async function claimSender(
  deps: Deps,
  name: EndpointName,
  subject: string | undefined,
): Promise<Claimed | undefined> {
  const by = newNonce();
  for (;;) {
    const now = deps.clock();
    const claimed = await update(deps.db, {
      TableName: deps.tables.operations,
      Key: senderKey(name),
      UpdateExpression: "SET busyBy = :by, busyUntil = :until, v = :v REMOVE asked",
      ConditionExpression: "attribute_not_exists(busyUntil) OR busyUntil < :now",
      ExpressionAttributeValues: {
        ":by": by,
        ":until": after(now, LIMITS.endpointClaimedSeconds),
        ":now": now.toISOString(),
        ":v": senders.version,
      },
      ReturnValues: "ALL_NEW",
    });
    if (claimed.ok) {
      const { failures, failingSince, restUntil } = senders.read(claimed.item);
      return {
        health: healthOf({ failures, failingSince, restUntil }),
        release: (anyway) => release(deps, name, by, anyway),
      };
    }
    const busy = senders.find(claimed.old);
    if (subject === undefined || (busy?.asked?.size ?? 0) >= MOST_ASKED) return undefined;
    if (await ask(deps, name, busy?.busyBy, subject)) return undefined;
  }
}

/** Only what is there: an attribute that is `undefined` is none. */
const healthOf = (all: { [Name in keyof Health]: Health[Name] | undefined }): Health =>
  Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Health;

/** Tells the call that serves an endpoint of a subject. False: it has let go meanwhile. */
async function ask(deps: Deps, name: EndpointName, by: string | undefined, subject: string): Promise<boolean> {
  const asked = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: senderKey(name),
    UpdateExpression: "ADD asked :subject",
    ConditionExpression: "busyBy = :by",
    ExpressionAttributeValues: { ":subject": new Set([subject]), ":by": by ?? "" },
  });
  return asked.ok;
}

async function release(deps: Deps, name: EndpointName, by: string, anyway = false): Promise<string[] | undefined> {
  const left = anyway ? await letGo(deps, name, by) : await letGoUnlessAsked(deps, name, by);
  const there: Sender | undefined = left.ok ? undefined : senders.find(left.old);
  // Let go; or another call has taken it over, for this one took too long.
  if (there?.busyBy !== by) return undefined;
  const taken = await update(deps.db, {
    TableName: deps.tables.operations,
    Key: senderKey(name),
    UpdateExpression: "REMOVE asked",
    ConditionExpression: "busyBy = :by",
    ExpressionAttributeValues: { ":by": by },
    ReturnValues: "ALL_OLD",
  });
  return taken.ok ? [...(senders.read(taken.item).asked ?? [])] : undefined;
}

async function letGo(deps: Deps, name: EndpointName, by: string): Promise<Written> {
  return update(deps.db, {
    TableName: deps.tables.operations,
    Key: senderKey(name),
    UpdateExpression: "REMOVE busyBy, busyUntil, asked",
    ConditionExpression: "busyBy = :by",
    ExpressionAttributeValues: { ":by": by },
  });
}

async function letGoUnlessAsked(deps: Deps, name: EndpointName, by: string): Promise<Written> {
  return update(deps.db, {
    TableName: deps.tables.operations,
    Key: senderKey(name),
    UpdateExpression: "REMOVE busyBy, busyUntil",
    ConditionExpression: "busyBy = :by AND attribute_not_exists(asked)",
    ExpressionAttributeValues: { ":by": by },
  });
}

/** Writes how an endpoint does. A deleted one has no notes. */
export async function noteHealth(deps: Deps, name: EndpointName, health: Health): Promise<void> {
  const { failures, failingSince, restUntil } = health;
  if (failures === undefined || failingSince === undefined) return noteWell(deps, name);
  const rest = restUntil ?? deps.clock().toISOString();
  await update(deps.db, {
    TableName: deps.tables.operations,
    Key: senderKey(name),
    UpdateExpression: "SET failures = :failures, failingSince = :since, restUntil = :rest",
    ConditionExpression: "attribute_exists(pk)",
    ExpressionAttributeValues: { ":failures": failures, ":since": failingSince, ":rest": rest },
  });
}

/** Notes that an endpoint does well, which is to note nothing. */
export async function noteWell({ db, tables }: Db<"operations">, name: EndpointName): Promise<void> {
  await update(db, {
    TableName: tables.operations,
    Key: senderKey(name),
    UpdateExpression: "REMOVE failures, failingSince, restUntil",
    ConditionExpression: "attribute_exists(pk)",
  });
}
