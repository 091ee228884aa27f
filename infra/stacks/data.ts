import { CfnOutput, Duration, Stack, type StackProps } from "aws-cdk-lib";
import { AttributeType, ProjectionType, StreamViewType, type TablePropsV2, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { AnyPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key, type KeyProps, KeySpec, KeyUsage } from "aws-cdk-lib/aws-kms";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { LISTED } from "../../shared/aws/listed.ts";
import { IN_REVIEW } from "../../shared/orders/queues.ts";
import { BY_BUYER, BY_CHANNEL } from "../../shared/orders/table.ts";
import { UNFINISHED } from "../../shared/orders/unfinished.ts";
import { type Config, keepAlways, nameOf } from "../config.ts";
import { KeyWatch } from "../constructs/key-watch.ts";
import { roleNameOf } from "../constructs/service-function.ts";
import { explain } from "../explained.ts";
import { type FunctionName, specOf, whoMay } from "../functions.ts";

export interface DataStackProps extends StackProps {
  readonly config: Config;
}

/** What must not be lost: tables, and the keys without which what is in them can't be read. */
export class DataStack extends Stack {
  readonly orders: TableV2;
  readonly inventory: TableV2;
  readonly identity: TableV2;
  readonly catalog: TableV2;
  readonly operations: TableV2;
  readonly platform: TableV2;
  readonly ledger: TableV2;
  readonly audit: TableV2;
  /** Files on their way into stock. They hold codes in the clear, so they stay no longer than they must. */
  readonly uploads: Bucket;
  /** Files on their way to buyers, encrypted to their own keys. */
  readonly goodsFiles: Bucket;
  /** What orders took of stock, for a restore of the tables. It holds ids and places, and no codes. */
  readonly salesLog: Bucket;
  /** Everything that was told to others, for replays and for consumers to come. It holds ids and words from closed lists. */
  readonly eventArchive: Bucket;
  /** What payment providers say of a day, and what of it differs from our books. It names no person. */
  readonly statements: Bucket;
  readonly codesKey: Key;
  readonly personalKey: Key;
  readonly fingerprintKey: Key;
  readonly generationKey: Key;
  readonly recognitionKey: Key;
  readonly linkKey: Key;
  readonly webhookKey: Key;

  private readonly config: Config;

  constructor(scope: Construct, id: string, { config, ...props }: DataStackProps) {
    super(scope, id, props);
    this.config = config;

    this.orders = this.table("orders", {
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      // Of the counters and the waiting executions beside the orders; an order has no such attribute.
      timeToLiveAttribute: "expiresAtEpoch",
      globalSecondaryIndexes: [
        // Keys only: an index that copied the order would be written again with its every step.
        index(BY_CHANNEL, "listShard", "listKey"),
        index(BY_BUYER, "buyerShard", "listKey"),
        index(IN_REVIEW, "reviewQueue", "reviewSince"),
        index(UNFINISHED, "careQueue", "careAt"),
      ],
    });
    this.inventory = this.table("inventory");
    this.identity = this.table("identity");
    this.catalog = this.table("catalog");
    this.operations = this.table("operations", {
      timeToLiveAttribute: "expiresAtEpoch",
      globalSecondaryIndexes: [index(LISTED, "listName", "listPlace")],
    });
    // Where earlier versions kept what the three above hold now. Only the migration reads it; it stays for one release.
    this.platform = this.table("platform", { timeToLiveAttribute: "expiresAtEpoch" });
    this.ledger = this.table("ledger");
    this.audit = this.table("audit");

    // Nothing stays there. An import deletes its file when it is over; a buyer has fetched theirs by then.
    this.uploads = this.files("uploads", Duration.days(1));
    this.goodsFiles = this.files("goods", Duration.days(1));
    // Tables can be restored to any second of 35 days; what is older is of no use.
    this.salesLog = this.files("sales-log", Duration.days(40));
    // A year and a month: consumers to come begin there. A million sales are about 0.7 GB, two cents a month.
    this.eventArchive = this.files("events", Duration.days(400));

    // What the books rest on. Many laws want it for ten years; a million payments are some 40 MB.
    this.statements = this.files("statements", Duration.days(3_653));

    this.codesKey = this.key("codes", "Encrypts the data keys of codes in stock");
    this.personalKey = this.key("personal", "Encrypts the data keys of recipients' accounts and suppliers' callbacks");
    this.webhookKey = this.key("webhooks", "Encrypts the data keys of the secrets that sign webhooks");
    this.onlyTheseDecrypt(this.codesKey, "codesKey");
    this.onlyTheseDecrypt(this.webhookKey, "webhookKey");
    this.onlyTheseDecrypt(this.personalKey, "personalKey");
    this.fingerprintKey = this.derivingKey(
      "fingerprint",
      "Derives the keys of fingerprints, by which codes imported twice are found",
      "HMAC keys can't rotate, and a new one would not find old duplicates.",
    );
    this.generationKey = this.derivingKey(
      "generation",
      "Derives the keys that codes of our own making come from",
      "HMAC keys can't rotate, and a generation that goes on must make the codes that it has made.",
    );
    this.recognitionKey = this.derivingKey(
      "recognition",
      "Derives the key of hashes, by which requests and buyers are recognised again",
      "HMAC keys can't rotate, and a new one would not recognise what was asked before.",
    );
    this.linkKey = this.derivingKey(
      "link",
      "Derives the key that links of buyers' pages are made with",
      "HMAC keys can't rotate, and with a new one a repeated order would be told a link that opens nothing.",
    );

    const encrypting = [this.codesKey, this.personalKey, this.webhookKey];
    const keys = [...encrypting, this.fingerprintKey, this.generationKey, this.recognitionKey, this.linkKey];
    new KeyWatch(this, "KeyWatch", { config, keys });
    this.outputs();
  }

  private table(name: string, props: Partial<TablePropsV2> = {}): TableV2 {
    const { keepsData } = this.config;
    const table = new TableV2(this, `${capitalized(name)}Table`, {
      tableName: nameOf(this.config, name),
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      deletionProtection: keepsData,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: keepsData },
      removalPolicy: keepAlways(this.config),
      ...props,
    });
    if (!keepsData) explain(table, "AwsSolutions-DDB3", "The data of a local stack is gone with the engine.");
    return table;
  }

  private files(name: BucketName, expiration: Duration): Bucket {
    const bucket = new Bucket(this, capitalized(name), {
      bucketName: bucketNameOf(this, this.config, name),
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: !this.config.onLocalEngine,
      lifecycleRules: [{ expiration, abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: keepAlways(this.config),
    });
    explain(bucket, "AwsSolutions-S1", "CloudTrail data events say who read; a log would outlive the files by far.");
    if (this.config.onLocalEngine)
      explain(bucket, "AwsSolutions-S10", "The local engine has no encrypted connections.");
    return bucket;
  }

  private key(name: string, description: string, props: KeyProps = {}): Key {
    const key = new Key(this, `${capitalized(name)}Key`, {
      description: `Vouchsafe ${this.config.env}: ${description}`,
      alias: nameOf(this.config, name),
      multiRegion: this.config.multiRegionKeys,
      enableKeyRotation: props.keySpec === undefined,
      pendingWindow: Duration.days(30),
      removalPolicy: keepAlways(this.config),
      ...props,
    });
    if (this.config.keepsData) {
      // Losing the key is losing all that it encrypts: who means it must change this policy first, in plain sight.
      key.addToResourcePolicy(everyoneIsDenied("NobodyDeletesThis", ["kms:ScheduleKeyDeletion"]));
    }
    // A replica has the same key material under a policy of its own, which need not deny anything. A grant is a permission
    // that no policy shows. Nothing of ours needs either; who does must change this policy first, and that rings.
    key.addToResourcePolicy(everyoneIsDenied("NobodyCopiesThis", ["kms:ReplicateKey", "kms:UpdatePrimaryRegion"]));
    key.addToResourcePolicy(everyoneIsDenied("NobodyGrantsThis", ["kms:CreateGrant"]));
    return key;
  }

  /** An HMAC key: it derives the same secret from the same words for those whom the grants name, and for nobody else. */
  private derivingKey(
    name: "fingerprint" | "generation" | "recognition" | "link",
    description: string,
    whyItStays: string,
  ): Key {
    const key = this.key(name, description, { keySpec: KeySpec.HMAC_256, keyUsage: KeyUsage.GENERATE_VERIFY_MAC });
    explain(key, "AwsSolutions-KMS5", whyItStays);
    // Who may only verify can still try guesses, one call each.
    this.onlyThese(key, "OnlyTheseDerive", whoMay(`${name}Key`, "GenerateMac"), ["kms:GenerateMac", "kms:VerifyMac"]);
    return key;
  }

  private onlyTheseDecrypt(key: Key, resource: "codesKey" | "personalKey" | "webhookKey"): void {
    this.onlyThese(key, "OnlyTheseDecrypt", whoMay(resource, "Decrypt"), ["kms:Decrypt", "kms:ReEncryptFrom"]);
  }

  /** An administrator's `kms:*` is not enough: the key itself knows the functions that may, as the grants say. */
  private onlyThese(key: Key, sid: string, names: readonly FunctionName[], actions: string[]): void {
    // AWS compares the role; the local engine the session that assumed it.
    const roles = names.flatMap((name) => {
      const role = roleNameOf(this, specOf(name), this.config);
      return [
        this.formatArn({ service: "iam", region: "", resource: "role", resourceName: role }),
        this.formatArn({ service: "sts", region: "", resource: "assumed-role", resourceName: `${role}/*` }),
      ];
    });
    key.addToResourcePolicy(everyoneIsDenied(sid, actions, { ArnNotLike: { "aws:PrincipalArn": roles } }));
  }

  private outputs(): void {
    const outputs = {
      OrdersTable: this.orders.tableName,
      InventoryTable: this.inventory.tableName,
      IdentityTable: this.identity.tableName,
      CatalogTable: this.catalog.tableName,
      OperationsTable: this.operations.tableName,
      PlatformTable: this.platform.tableName,
      LedgerTable: this.ledger.tableName,
      AuditTable: this.audit.tableName,
      UploadBucket: this.uploads.bucketName,
      GoodsBucket: this.goodsFiles.bucketName,
      SalesLog: this.salesLog.bucketName,
      EventArchive: this.eventArchive.bucketName,
      CodesKeyArn: this.codesKey.keyArn,
      PersonalKeyArn: this.personalKey.keyArn,
      FingerprintKeyArn: this.fingerprintKey.keyArn,
      GenerationKeyArn: this.generationKey.keyArn,
      RecognitionKeyArn: this.recognitionKey.keyArn,
      LinkKeyArn: this.linkKey.keyArn,
      WebhookKeyArn: this.webhookKey.keyArn,
    };
    // The outputs have the names that scripts look for; the constructs' ids are taken.
    for (const [name, value] of Object.entries(outputs)) {
      new CfnOutput(this, `${name}Output`, { value }).overrideLogicalId(name);
    }
  }
}

/**
 * Gives a bucket's fixed name, so that other stacks need no reference to this one. Names of buckets are global, so
 * account and region are part of it.
 */
export function bucketNameOf(stack: Stack, config: Config, name: BucketName): string {
  return `${nameOf(config, name)}-${stack.account}-${stack.region}`;
}

type BucketName = "uploads" | "goods" | "sales-log" | "events" | "statements";

const capitalized = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

const index = (indexName: string, partitionKey: string, sortKey: string) => ({
  indexName,
  partitionKey: { name: partitionKey, type: AttributeType.STRING },
  sortKey: { name: sortKey, type: AttributeType.STRING },
  projectionType: ProjectionType.KEYS_ONLY,
});

const everyoneIsDenied = (sid: string, actions: string[], conditions: Record<string, unknown> = {}) =>
  new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions,
    resources: ["*"],
    conditions,
  });
