import type { Agent } from "node:http";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { credentials } from "../../../infra/local/deploy.ts";
import type { LocalStack } from "../../../infra/local/stack-file.ts";
import { documentClient } from "../../../shared/aws/clients.ts";
import { CONTACT_CONTEXT } from "../../../shared/orders/contact.ts";
import { RECIPIENT_CONTEXT } from "../../../shared/orders/model.ts";
import { recogniser } from "../../../shared/secrecy/recognition.ts";
import { fieldSealer, sealer } from "../../../shared/secrecy/sealer.ts";
import type { Calls } from "../faults/calls.ts";
import { deployedStack } from "./deployed-stack.ts";

/**
 * The use cases themselves, in this process, against the deployed tables and keys: what a function does, without the
 * function. `calls` sees, counts and may break every AWS call they make; `httpAgent` is for crowds that share connections.
 */
export function domain(calls?: Calls, options: { clock?: () => Date; stack?: LocalStack; httpAgent?: Agent } = {}) {
  const stack = options.stack ?? deployedStack();
  const connections = options.httpAgent === undefined ? {} : { requestHandler: { httpAgent: options.httpAgent } };
  const settings = { endpoint: stack.awsEndpoint, region: stack.region, credentials, maxAttempts: 4, ...connections };
  const dynamo = new DynamoDBClient(settings);
  const kms = new KMSClient(settings);
  calls?.watch(dynamo);
  calls?.watch(kms);
  const clock = options.clock ?? (() => new Date());
  return {
    db: documentClient(dynamo),
    tables: stack.tables,
    kms,
    codesKey: stack.keys.codes,
    fingerprintKey: stack.keys.fingerprint,
    generationKey: stack.keys.generation,
    personalKey: stack.keys.personal,
    clock,
    zone: "UTC",
    recognise: recogniser(kms, stack.keys.recognition),
    sealRecipient: sealer({ kms, keyId: stack.keys.personal, context: RECIPIENT_CONTEXT }),
    sealContact: fieldSealer({ kms, keyId: stack.keys.personal, context: CONTACT_CONTEXT }),
  };
}

export type Domain = ReturnType<typeof domain>;
