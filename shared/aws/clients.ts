import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";

// Standard retries use full jitter; four attempts cover a second of throttling. Adaptive retries would also slow down
// calls to healthy partitions.
const retries = { maxAttempts: 4 };

/**
 * How items become attribute values. Undefined members are left out, so optional attributes are simply absent. The SDK takes an
 * object with a member called `constructor` for an instance of a class; converting class instances makes such members
 * data too.
 */
export const marshallOptions = { removeUndefinedValues: true, convertClassInstanceToMap: true };

export function documentClient(client = new DynamoDBClient(retries)): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { ...marshallOptions } });
}

export const kmsClient = (): KMSClient => new KMSClient(retries);
export const sqsClient = (): SQSClient => new SQSClient(retries);
export const sfnClient = (): SFNClient => new SFNClient(retries);
export const eventsClient = (): EventBridgeClient => new EventBridgeClient(retries);
/**
 * Makes an S3 client. It names buckets in the path, because a local engine has no host names for them; AWS takes
 * both. It computes no checksums, because a presigned upload address would carry the checksum of an empty file and be
 * good for no other.
 */
export const s3Client = (): S3Client =>
  new S3Client({ ...retries, forcePathStyle: true, requestChecksumCalculation: "WHEN_REQUIRED" });
export const ssmClient = (): SSMClient => new SSMClient(retries);
