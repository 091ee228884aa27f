import {
  DecryptCommand,
  GenerateDataKeyCommand,
  GenerateMacCommand,
  type GenerateMacCommandInput,
  type KMSClient,
} from "@aws-sdk/client-kms";
import { SendMessageCommand, type SQSClient } from "@aws-sdk/client-sqs";
import { GetParameterCommand, type SSMClient } from "@aws-sdk/client-ssm";
import { afterAll } from "vitest";
import { startParty } from "../suppliers/party.ts";
import { json } from "../suppliers/supplier-wire.ts";

type Input = Record<string, unknown>;
type Behind = { kms: KMSClient; sqs: SQSClient; ssm: SSMClient };

const bytes = (value: unknown): Buffer => Buffer.from(String(value), "base64");
const text = (value?: Uint8Array): string => Buffer.from(value ?? []).toString("base64");

/** The calls that handlers make to other services than DynamoDB, and who answers them here. */
const CALLS: Record<string, (behind: Behind, input: Input) => Promise<object>> = {
  "TrentService.GenerateDataKey": async ({ kms }, input) => {
    const { Plaintext, CiphertextBlob } = await kms.send(new GenerateDataKeyCommand(input as never));
    return { KeyId: input["KeyId"], Plaintext: text(Plaintext), CiphertextBlob: text(CiphertextBlob) };
  },
  "TrentService.Decrypt": async ({ kms }, input) => {
    const asked = { ...input, CiphertextBlob: bytes(input["CiphertextBlob"]) };
    const { Plaintext } = await kms.send(new DecryptCommand(asked as never));
    return { KeyId: input["KeyId"], Plaintext: text(Plaintext) };
  },
  "TrentService.GenerateMac": async ({ kms }, input) => {
    const { Mac } = await kms.send(
      new GenerateMacCommand({ ...input, Message: bytes(input["Message"]) } as unknown as GenerateMacCommandInput),
    );
    return { KeyId: input["KeyId"], Mac: text(Mac) };
  },
  "AmazonSQS.SendMessage": async ({ sqs }, input) => {
    const { MD5OfMessageBody } = await sqs.send(new SendMessageCommand(input as never));
    return { MessageId: crypto.randomUUID(), MD5OfMessageBody };
  },
  "AmazonSSM.GetParameter": ({ ssm }, input) => ssm.send(new GetParameterCommand(input as never)),
  "AWSEvents.PutEvents": async (_behind, input) => ({
    FailedEntryCount: 0,
    Entries: (input["Entries"] as object[]).map(() => ({ EventId: crypto.randomUUID() })),
  }),
};

/** Lets clients that handlers have made themselves reach the fakes of this process. It ends with the file. */
export async function awsOverHttp(behind: Behind): Promise<string> {
  const party = await startParty(async ({ headers, body }) => {
    const target = String(headers["x-amz-target"]);
    const call = CALLS[target];
    if (call === undefined) return { status: 400, body: { __type: "UnknownOperationException", message: target } };
    const { $metadata: _ours, ...answer } = (await call(behind, json(body) as Input)) as { $metadata?: unknown };
    return { status: 200, body: answer, headers: { "content-type": String(headers["content-type"]) } };
  });
  afterAll(() => party.stop());
  return party.url;
}
