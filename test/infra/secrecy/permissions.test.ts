import { describe, expect, test } from "vitest";
import { functionSpecs, whoMay } from "../../../infra/functions.ts";
import {
  functionsThatMay,
  permissionsOf,
  propertiesOf,
  type Statement,
  synthesize,
} from "../../support/infra/templates.ts";

const { data, service } = synthesize({ env: "prod" });

const keyPolicies = propertiesOf(data, "AWS::KMS::Key").map((key) => ({
  description: String(key["Description"]),
  statements: (key["KeyPolicy"] as { Statement: Statement[] }).Statement,
}));

describe("who may read what is secret", () => {
  test("only the four functions that hand goods to their owner decrypt codes", () => {
    const handing = ["placeOrder", "getDeliverables", "exportDeliverables", "revealDelivery"];
    expect(functionsThatMay(service, "kms:Decrypt", /CodesKey/)).toEqual(handing);
  });

  test("only the function that tells a supplier whom to top up, the one that writes to buyers, and the one that tells people what we know of them decrypt personal data", () => {
    expect(functionsThatMay(service, "kms:Decrypt", /PersonalKey/)).toEqual([
      "exportBuyers",
      "placeLine",
      "sendMessages",
    ]);
  });

  test("only the function that sends webhooks opens the secrets that sign them", () => {
    expect(functionsThatMay(service, "kms:Decrypt", /WebhooksKey/)).toEqual(["sendWebhooks"]);
  });

  test("nothing else decrypts anything, and no function does with a key what would come to the same", () => {
    const permitted = permissionsOf(service).filter(({ action }) => action.startsWith("kms:"));
    expect(permitted.filter(({ action }) => action === "kms:Decrypt")).toHaveLength(8);
    const actions = new Set(permitted.map(({ action }) => action));
    expect(actions).toEqual(new Set(["kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateMac"]));
  });

  test.each([
    ["codes of our own come from", /GenerationKey/, ["runImport"]],
    [
      "links of buyers' pages are made with",
      /LinkKey/,
      ["placeOrder", "renewLink", "rotateLink", "sendMessages", "findOrders"],
    ],
  ])("only these functions derive the keys that %s", (_, key, names) => {
    expect(functionsThatMay(service, "kms:GenerateMac", key)).toEqual(names);
  });

  test("only the importer, and who hears of goods from a supplier or buys them ahead, seals codes and derives fingerprints", () => {
    const sealing = [
      "importStock",
      "decideCase",
      "decideReview",
      "placeLine",
      "askSupplier",
      "processCallback",
      "suppliersSchedule",
      "casesSchedule",
      "runImport",
    ];
    expect(functionsThatMay(service, "kms:GenerateDataKey", /CodesKey/)).toEqual(sealing);
    // Two more know a code by its fingerprint when somebody says it: they look for one, and void one. One tells the key of tags.
    const known = functionsThatMay(service, "kms:GenerateMac", /FingerprintKey/);
    expect(known.toSorted()).toEqual([...sealing, "operatorCodes"].toSorted());
  });

  test("who seals codes on a machine of their own makes keys for products, calls imports, and can do nothing else", () => {
    const policies = propertiesOf(service, "AWS::IAM::ManagedPolicy");
    expect(policies).toHaveLength(1);
    const statements = policies.flatMap((policy) => (policy["PolicyDocument"] as { Statement: Statement[] }).Statement);
    expect(statements.map(({ Effect, Action, Condition }) => ({ Effect, Action, Condition }))).toEqual([
      {
        Effect: "Allow",
        Action: "kms:GenerateDataKey",
        Condition: {
          "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["product"] },
          Null: { "kms:EncryptionContext:product": "false" },
        },
      },
      { Effect: "Allow", Action: "execute-api:Invoke" },
      { Effect: "Allow", Action: "cloudformation:DescribeStacks" },
    ]);
    const [keys, routes, stacks] = statements.map(({ Resource }) =>
      [Resource].flat().map((one) => JSON.stringify(one)),
    );
    expect(keys).toEqual([expect.stringMatching(/CodesKey/)]);
    expect(stacks).toEqual([expect.stringMatching(/:stack\/vouchsafe-\w+-service\/\*/)]);
    const admin = routes?.map((route) => /\/\$default\/(.*?)"/.exec(route)?.[1]);
    expect(admin?.toSorted()).toEqual([
      "GET/admin/v1/imports/*",
      "GET/admin/v1/imports/*/refusals",
      "POST/admin/v1/imports/*/cancel",
      "POST/admin/v1/imports/*/start",
      "POST/admin/v1/products/*/imports",
    ]);
  });

  test("only who takes an order, a deposit or a supplier's credentials recognises requests, who takes or lists orders buyers, and who writes to them contacts", () => {
    expect(functionsThatMay(service, "kms:GenerateMac", /RecognitionKey/)).toEqual([
      "placeOrder",
      "storefrontOrders",
      "storefrontDeposits",
      "revealDelivery",
      "findDelivery",
      "operatorSuppliers",
      "exportBuyers",
      "operatorBuyers",
      "sendMessages",
      "findOrders",
    ]);
  });

  test.each([
    ["codes in stock", ["place-order", "get-deliverables", "export-deliverables", "reveal-delivery"]],
    ["recipients' accounts", ["export-buyers", "place-line", "send-messages"]],
    ["secrets that sign webhooks", ["send-webhooks"]],
  ])("the key of %s refuses everybody else itself, whatever their own policies say", (of, readers) => {
    const policy = keyPolicies.find(({ description }) => description.includes(of));
    const denial = policy?.statements.find(({ Sid }) => Sid === "OnlyTheseDecrypt");
    expect(denial).toMatchObject({ Effect: "Deny", Principal: { AWS: "*" } });
    expect([denial?.Action].flat()).toContain("kms:Decrypt");
    const except = JSON.stringify(denial?.Condition?.["ArnNotLike"]?.["aws:PrincipalArn"]);
    const named = [...except.matchAll(/role\/vouchsafe-prod-([a-z-]+)-eu-central-1/g)].map(([, name]) => name);
    expect([...new Set(named)]).toEqual(readers);
  });

  test.each([
    ["fingerprints", "fingerprintKey", 10],
    ["codes of our own making", "generationKey", 1],
    ["requests and buyers", "recognitionKey", 10],
    ["links of buyers' pages", "linkKey", 5],
  ] as const)(
    "the key of %s makes and checks MACs for those whom the grants name, and refuses everybody else",
    (of, key, count) => {
      const policy = keyPolicies.find(({ description }) => description.includes(of));
      const denial = policy?.statements.find(({ Sid }) => Sid === "OnlyTheseDerive");
      expect(denial).toMatchObject({ Effect: "Deny", Principal: { AWS: "*" } });
      expect(denial?.Action).toEqual(["kms:GenerateMac", "kms:VerifyMac"]);
      expect(Object.keys(denial?.Condition ?? {})).toEqual(["ArnNotLike"]);
      const except = JSON.stringify(denial?.Condition?.["ArnNotLike"]?.["aws:PrincipalArn"]);
      const named = [...except.matchAll(/role\/vouchsafe-prod-([a-z-]+)-eu-central-1/g)].map(([, name]) => name);
      const granted = functionSpecs.filter(({ needs }) => key in needs).map(({ kebabName }) => kebabName);
      expect(granted).toHaveLength(count);
      expect(new Set(named)).toEqual(new Set(granted));
    },
  );

  test("every HMAC key says who may use it", () => {
    const derives = propertiesOf(data, "AWS::KMS::Key").filter(({ KeyUsage }) => KeyUsage === "GENERATE_VERIFY_MAC");
    const guarded = keyPolicies.filter(({ statements }) => statements.some(({ Sid }) => Sid === "OnlyTheseDerive"));
    expect(guarded).toHaveLength(derives.length);
  });

  test.each(["kms:ScheduleKeyDeletion", "kms:ReplicateKey", "kms:UpdatePrimaryRegion", "kms:CreateGrant"])(
    "nobody may call %s for any key without changing its policy first",
    (action) => {
      expect(keyPolicies.length).toBeGreaterThan(3);
      for (const { description, statements } of keyPolicies) {
        const denials = statements.filter(({ Effect, Condition, ...statement }) => {
          const everybody = JSON.stringify((statement as { Principal?: unknown }).Principal) === '{"AWS":"*"}';
          return Effect === "Deny" && Condition === undefined && everybody;
        });
        expect([description, denials.flatMap(({ Action }) => Action)]).toEqual([
          description,
          expect.arrayContaining([action]),
        ]);
      }
    },
  );
});

/** Copies every item of the old table to where it lives now. It overwrites none. */
const MIGRATION = "migrateTables";

describe("least privilege", () => {
  const permissions = permissionsOf(service);

  test("no action is a wildcard", () => {
    expect(permissions.filter(({ action }) => action.includes("*"))).toEqual([]);
  });

  test("a resource is a wildcard only where AWS knows no resources, or below a path of our own", () => {
    const wild = permissions.filter(({ resource }) => resource.includes("*"));
    const explained = [
      /^logs:.*Log(Delivery|Deliveries|Groups)|^logs:.*ResourcePolic|^xray:|^dynamodb:ListStreams$/, // know no resources
      /^ssm:(Get|Put)Parameter$/, // /vouchsafe/<env>/suppliers/*, payments/* or senders/*
      /^ses:Send(Raw)?Email$|^sms-voice:SendTextMessage$/, // what operators name as origins of messages
      /^states:DescribeExecution$/, // the runs of our workflow
      /^s3:(Get|Put|Delete)Object$/, // the files of our own bucket
    ];
    expect(wild.filter(({ action }) => !explained.some((pattern) => pattern.test(action)))).toEqual([]);
    for (const { resource } of wild.filter(({ action }) => action.startsWith("ssm:"))) {
      expect(resource).toMatch(/parameter\/vouchsafe\/prod\/(suppliers|payments|senders)\/\*/);
    }
    for (const { resource } of wild.filter(({ action }) => action.startsWith("s3:"))) {
      expect(resource).toMatch(/:s3:::vouchsafe-prod-(uploads|goods|sales-log|events|statements)-[\w-]+\/\*/);
    }
    for (const { resource } of wild.filter(({ action }) => action.startsWith("states:"))) {
      expect(resource).toMatch(/execution:vouchsafe-prod-fulfilment:\*/);
    }
  });

  test("the storefront, which anybody can call, reads no supplier's credentials and wakes no workflow", () => {
    const storefront = functionSpecs.filter(({ room }) => room === "storefront");
    const granted = new Set(storefront.flatMap(({ needs }) => Object.keys(needs)));
    expect(granted).toContain("ordersTable");
    expect(granted).not.toContain("secrets");
    expect(granted).not.toContain("taskTokens");
  });

  test("nobody changes or deletes a record of the audit", () => {
    const audit = permissions.filter(({ resource }) => /AuditTable/.test(resource));
    expect(new Set(audit.map(({ action }) => action))).toEqual(new Set(["dynamodb:PutItem", "dynamodb:Query"]));
  });

  test("only who makes or revokes keys writes channels and API keys, and nobody deletes one", () => {
    const identity = permissions.filter(({ resource }) => /IdentityTable/.test(resource));
    const actions = new Set(["GetItem", "BatchGetItem", "Query", "ConditionCheckItem", "PutItem", "UpdateItem"]);
    expect(new Set(identity.map(({ action }) => action.replace("dynamodb:", "")))).toEqual(actions);
    expect(functionsThatMay(service, "dynamodb:PutItem", /IdentityTable/)).toEqual(["operatorChannels", MIGRATION]);
    expect(functionsThatMay(service, "dynamodb:UpdateItem", /IdentityTable/)).toEqual(["operatorChannels"]);
  });

  test("the table that earlier versions kept all of this in is read by the migration, and written by nobody", () => {
    const old = permissions.filter(({ resource }) => /PlatformTable/.test(resource));
    expect(old.map(({ role, action }) => `${role} ${action}`)).toEqual([
      "vouchsafe-prod-migrate-tables-eu-central-1 dynamodb:Scan",
    ]);
  });

  test("credentials of payment providers are read by those that talk to providers, and written by operators", () => {
    const talking = ["placeOrder", "storefrontOrders", "storefrontDeposits", "receiveNotification", "followPayment"];
    const ofDisputes = ["operatorDisputes", "disputesSchedule"];
    const reconciling = ["reconcileDay", "reconciliationSchedule"];
    expect(new Set(whoMay("paymentSecrets", "GetParameter"))).toEqual(
      new Set([...talking, ...ofDisputes, ...reconciling]),
    );
    expect(whoMay("paymentSecrets", "PutParameter")).toEqual(["operatorPayments"]);
  });
});
