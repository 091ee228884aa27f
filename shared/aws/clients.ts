import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

// Adaptive retries would also slow the healthy down; standard ones use full jitter. Four attempts cover a throttled second.
const retries = { maxAttempts: 4 };

/**
 * The document client leaves undefined members out, so that optional attributes are simply absent. An object with a member
 * called `constructor` it takes for an instance of some class; such members are data too.
 */
export function documentClient(client = new DynamoDBClient(retries)): DynamoDBDocumentClient {
  const marshallOptions = { removeUndefinedValues: true, convertClassInstanceToMap: true };
  return DynamoDBDocumentClient.from(client, { marshallOptions });
}

export const kmsClient = (): KMSClient => new KMSClient(retries);
export const sqsClient = (): SQSClient => new SQSClient(retries);
export const sfnClient = (): SFNClient => new SFNClient(retries);
export const eventsClient = (): EventBridgeClient => new EventBridgeClient(retries);
/**
 * Buckets in the path: a local engine has no host names for them, and AWS takes both. No checksums of our own: an address that
 * is signed for a file to come would carry that of no bytes at all, and be good for no others.
 */
export const s3Client = (): S3Client =>
  new S3Client({ ...retries, forcePathStyle: true, requestChecksumCalculation: "WHEN_REQUIRED" });
export const ssmClient = (): SSMClient => new SSMClient(retries);
