import { GetParameterCommand, ParameterAlreadyExists, PutParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import * as z from "zod";
import { type Db, putNew } from "../aws/dynamo.ts";
import { listedAs } from "../aws/listed.ts";
import { idOf } from "../kernel/ids.ts";
import { LIMITS } from "../kernel/limits.ts";
import { memory } from "../kernel/memory.ts";
import { ok, type Result } from "../kernel/problem.ts";
import { repeatOf } from "../kernel/repeat.ts";
import { askedFor, type RecognitionDeps } from "../secrecy/recognition.ts";
import { Address } from "./address.ts";
import type { SupplierAdapter } from "./contract.ts";
import { findSupplier } from "./find.ts";
import { adapterOf, credentialsOf, protocolNames } from "./registry.ts";
import { supplierKey, suppliers } from "./table.ts";

/** What an operator says of a new supplier. Its credentials go to the parameter store and nowhere else. */
const NamedSupplier = z.strictObject({
  name: z.string().trim().min(1).max(100),
  protocol: z.enum(protocolNames),
  baseUrl: Address,
  credentials: z.record(z.string(), z.string()),
  callbackUrl: Address.optional(),
  timeoutMs: z.int().min(100).max(15_000).default(8_000),
  answerWithinSeconds: z
    .int()
    .min(1)
    .max(7 * 24 * 3600)
    .default(LIMITS.answerWithinSeconds),
  unknownSeconds: z
    .int()
    .min(1)
    .max(7 * 24 * 3600)
    .default(LIMITS.unknownSeconds),
  inFlightSeconds: z
    .int()
    .min(0)
    .max(24 * 3600)
    .optional(),
});

/** The credentials are checked by the protocol that uses them. */
export const NewSupplier = NamedSupplier.superRefine(({ protocol, credentials }, context) => {
  const checked = credentialsOf(protocol).safeParse(credentials);
  for (const issue of checked.error?.issues ?? []) {
    const path = ["credentials", ...issue.path];
    const unknown = issue.code === "unrecognized_keys" ? issue.keys : [];
    for (const key of unknown)
      context.addIssue({ code: "custom", path: [...path, key], message: "is not a known field" });
    if (unknown.length === 0) context.addIssue({ code: "custom", path, message: issue.message });
  }
});
export type NewSupplier = z.infer<typeof NewSupplier>;

/** A supplier as it is stored. */
export type Supplier = Omit<NewSupplier, "credentials"> & { id: string };

type Deps = Db<"operations"> & { ssm: SSMClient; secretsPrefix: string };

export async function createSupplier(
  deps: Deps & RecognitionDeps,
  request: NewSupplier,
  idempotencyKey: string,
): Promise<Result<Supplier>> {
  const id = idOf("sup", "create-supplier", idempotencyKey);
  const { credentials, ...settings } = request;
  // A keyed hash: what is stored must not let anybody test guesses at the credentials.
  const { requestHash, isOf } = askedFor(await deps.recognise(), id, request, { idempotencyKey, request });
  const item = suppliers.write(supplierKey(id), { id, ...settings }, { requestHash, ...listedAs("suppliers", id) });
  const written = await putNew(deps.db, deps.tables.operations, item);
  const repeat = repeatOf(id, written.ok || isOf(written.old?.["requestHash"]), "another supplier");
  if (!repeat.ok) return repeat;
  // After a crash in between, the repeat writes the credentials. Those that are there stay: a repeat must not bring
  // back what was rotated since.
  const Name = `${deps.secretsPrefix}${id}`;
  const put = new PutParameterCommand({ Name, Value: JSON.stringify(credentials), Type: "SecureString" });
  await deps.ssm.send(put).catch((error: unknown) => {
    if (!(error instanceof ParameterAlreadyExists)) throw error;
  });
  return ok(suppliers.read(item));
}

// Credentials are read once in five minutes, so after that a rotated secret is in use everywhere, without a deployment.
const CACHE_MS = 5 * 60 * 1000;
/**
 * Anybody can post many forged callbacks. They make a process read a supplier's credentials at most once in this time.
 */
export const SHORTEST_CACHE_MS = 30_000;
const remembered = memory<unknown>({ lastsMs: CACHE_MS, most: 1_000 });

async function readCredentials(deps: Deps, id: string, maxAgeMs: number): Promise<unknown> {
  const known = remembered.recall(id, maxAgeMs);
  if (known !== undefined) return known;
  const found = await deps.ssm.send(
    new GetParameterCommand({ Name: `${deps.secretsPrefix}${id}`, WithDecryption: true }),
  );
  const value: unknown = JSON.parse(found.Parameter?.Value ?? "null");
  remembered.note(id, value);
  return value;
}

/**
 * Reads a supplier and makes its adapter, with credentials that were read at most `maxAgeMs` ago. Undefined: there is
 * none.
 */
export async function reachSupplier(
  deps: Deps,
  id: string,
  maxAgeMs = CACHE_MS,
): Promise<{ supplier: Supplier; adapter: SupplierAdapter } | undefined> {
  const supplier = await findSupplier(deps, id);
  return supplier === undefined ? undefined : { supplier, adapter: await adapterFor(deps, supplier, maxAgeMs) };
}

/** Makes the adapter of a supplier that was read already. */
export async function adapterFor(deps: Deps, supplier: Supplier, maxAgeMs = CACHE_MS): Promise<SupplierAdapter> {
  const { id, protocol, baseUrl, timeoutMs, inFlightSeconds, callbackUrl } = supplier;
  const settings = {
    baseUrl,
    timeoutMs,
    ...(inFlightSeconds === undefined ? {} : { inFlightSeconds }),
    ...(callbackUrl === undefined ? {} : { callbackUrl }),
  };
  return adapterOf(protocol, settings, await readCredentials(deps, id, maxAgeMs));
}

export type SupplierDeps = Deps;
