import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import type { KMSClient } from "@aws-sdk/client-kms";
import { credentials, region } from "../../../infra/local/deploy.ts";
import { documentClient } from "../../../shared/aws/clients.ts";
import { CONTACT_CONTEXT } from "../../../shared/orders/contact.ts";
import { RECIPIENT_CONTEXT } from "../../../shared/orders/model.ts";
import { recogniser } from "../../../shared/secrecy/recognition.ts";
import { fieldSealer, sealer } from "../../../shared/secrecy/sealer.ts";
import type { Calls } from "../faults/calls.ts";
import { directDynamo } from "./direct-dynamo.ts";
import type { Domain } from "./domain.ts";
import { fakeKms, fakeParameters, fakeQueues, fakeWorkflows } from "./fake-aws.ts";
import type { SecondEngine } from "./second-engine.ts";

type Options = {
  /** What stands before the engine and breaks calls: the SDK's own way of sending and repeating them matters there. */
  endpoint?: string;
  clock?: () => Date;
  kms?: KMSClient;
  dynamo?: Partial<DynamoDBClientConfig>;
  /** Sees every call to a table. */
  calls?: Calls;
};

/** The use cases in this process, as `domain` gives them, with their tables in the second engine. */
export function domainOn(engine: Pick<SecondEngine, "endpoint" | "tables">, options: Options = {}): Domain {
  const { endpoint, clock = () => new Date(), kms = fakeKms(), dynamo, calls } = options;
  const personalKey = "personal";
  const client =
    endpoint === undefined
      ? directDynamo(engine.endpoint)
      : new DynamoDBClient({ endpoint, region, credentials, maxAttempts: 4, ...dynamo });
  calls?.watch(client);
  return {
    db: documentClient(client),
    tables: engine.tables,
    kms,
    codesKey: "codes",
    fingerprintKey: "fingerprint",
    generationKey: "generation",
    personalKey,
    clock,
    zone: "UTC",
    recognise: recogniser(kms, "recognition"),
    sealRecipient: sealer({ kms, keyId: personalKey, context: RECIPIENT_CONTEXT }),
    sealContact: fieldSealer({ kms, keyId: personalKey, context: CONTACT_CONTEXT }),
  };
}

/** The same with suppliers, queues and workflows. */
export function everythingOn(engine: SecondEngine, options: Options = {}) {
  const kms = options.kms ?? fakeKms();
  const { sqs, sent } = fakeQueues();
  const { sfn, runs, waiting } = fakeWorkflows();
  const deps = {
    ...domainOn(engine, { ...options, kms }),
    ssm: fakeParameters(),
    secretsPrefix: "/test/",
    sqs,
    callbackQueueUrl: "callbacks",
    watchQueueUrl: "watch",
    syncQueueUrl: "sync",
    sfn,
    workflowArn: `arn:aws:states:${region}:000000000000:stateMachine:fulfilment`,
    sealBody: sealer({ kms, keyId: "personal", context: { purpose: "callback" } }),
  };
  return { deps, messages: sent, runs, waiting };
}

export type Everything = ReturnType<typeof everythingOn>;
