import { readFileSync, rmSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { TableName } from "../../shared/aws/dynamo.ts";
import { type Outputs, region } from "./deploy.ts";
import { localDir } from "./places.ts";
import { Problem } from "./problems.ts";

/** What a client needs to know of a running stack. The optional part is there once the demo has made its data. */
export interface LocalStack {
  /** A base URL that any client can use as it is. */
  readonly apiUrl: string;
  readonly awsEndpoint: string;
  /** The file that moves its functions' clock. Undefined: it runs on an engine that we did not start. */
  readonly clockFile?: string;
  /** The file that names the receivers of webhooks on this machine that it may call. Undefined as well. */
  readonly receiversFile?: string;
  readonly region: string;
  readonly tables: Readonly<Record<TableName, string>>;
  readonly queues: Readonly<Record<"callbacks" | "callbackDeadLetters" | "watch" | "watchDeadLetters", string>>;
  readonly keys: Readonly<
    Record<"codes" | "personal" | "fingerprint" | "generation" | "recognition" | "link" | "webhook", string>
  >;
  readonly eventBus: string;
  readonly salesLog: string;
  readonly eventArchive: string;
  readonly workflowArn: string;
  readonly channelId?: string;
  readonly apiKey?: string;
  readonly products?: Readonly<Record<string, string>>;
  readonly supplierSimulatorUrl?: string;
  /** Where a person pays at the simulated payment providers, by their names. */
  readonly paymentPages?: Readonly<Record<string, string>>;
}

/** The engine on which a stack is. */
type Place = { readonly endpoint: string; readonly clockFile?: string; readonly receiversFile?: string };

export const stackFile = join(localDir, "stack.json");

export function stackFromOutputs({ endpoint, clockFile, receiversFile }: Place, outputs: Outputs): LocalStack {
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) throw new Problem(`No stack has the output ${name}: add it to the app's stacks.`);
    return value;
  };
  return {
    // The engine's own `<id>.execute-api.localhost` names do not resolve everywhere.
    apiUrl: `${endpoint}/_aws/execute-api/${output("ApiId")}/$default`,
    awsEndpoint: endpoint,
    ...(clockFile === undefined ? {} : { clockFile }),
    ...(receiversFile === undefined ? {} : { receiversFile }),
    region,
    tables: {
      orders: output("OrdersTable"),
      inventory: output("InventoryTable"),
      identity: output("IdentityTable"),
      catalog: output("CatalogTable"),
      operations: output("OperationsTable"),
      platform: output("PlatformTable"),
      ledger: output("LedgerTable"),
      audit: output("AuditTable"),
    },
    queues: {
      callbacks: output("CallbackQueue"),
      callbackDeadLetters: output("CallbackDeadLetters"),
      watch: output("WatchQueue"),
      watchDeadLetters: output("WatchDeadLetters"),
    },
    keys: {
      codes: output("CodesKeyArn"),
      personal: output("PersonalKeyArn"),
      fingerprint: output("FingerprintKeyArn"),
      generation: output("GenerationKeyArn"),
      recognition: output("RecognitionKeyArn"),
      link: output("LinkKeyArn"),
      webhook: output("WebhookKeyArn"),
    },
    eventBus: output("EventBus"),
    salesLog: output("SalesLog"),
    eventArchive: output("EventArchive"),
    workflowArn: output("WorkflowArn"),
  };
}

/** Writes the file. Only its owner can read it, because it holds an API key. */
export async function writeStackFile(stack: LocalStack, file = stackFile): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(stack, null, 2)}\n`, { mode: 0o600 });
}

export async function readStackFile(file = stackFile): Promise<LocalStack> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new Problem(`There is no ${file}: run \`npm start\` first, or name another stack's file.`);
  });
  const stack = parsed(text);
  if (typeof stack?.apiUrl !== "string" || typeof stack.keys?.codes !== "string")
    throw new Problem(`${file} is not the file of a stack.`);
  return stack as LocalStack;
}

function parsed(text: string): Partial<LocalStack> | null {
  try {
    return JSON.parse(text) as Partial<LocalStack> | null;
  } catch {
    return null;
  }
}

/** Synchronous, so that it can be the last thing a process does. Leaves a file that a later start has written. */
export function removeStackFile(stack: LocalStack, file = stackFile): void {
  try {
    const written = JSON.parse(readFileSync(file, "utf8")) as LocalStack;
    if (written.apiUrl === stack.apiUrl) rmSync(file);
  } catch {
    // It is gone already.
  }
}
