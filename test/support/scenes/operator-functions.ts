import { vi } from "vitest";
import { variables } from "../../../functions/runtime/env.ts";
import type { Operation } from "../../../functions/runtime/operation.ts";
import { functionSpecs } from "../../../infra/functions.ts";
import type { Db, TableName } from "../../../shared/aws/dynamo.ts";
import type { Json } from "../orders/shop.ts";
import { expectTrue } from "../runtime/true-answer.ts";

type Asked = { params?: object; query?: object; json?: object; key?: string };
type Handler = (event: object, context: object) => Promise<{ statusCode: number; body: string }>;

const anna = "arn:aws:iam::000000000000:user/anna";
/** Nobody listens there: a handler's call to another service than DynamoDB fails. */
const NOWHERE = "http://127.0.0.1:9";

/** An operation by its name, as `createPool`, and the file of the function that answers it. */
function operationCalled(name: string): Operation & { source: string } {
  for (const { source, operations = {} } of functionSpecs) {
    const operation = operations[name];
    if (operation !== undefined) return { source, ...operation };
  }
  throw new Error(`there is no operation ${name}`);
}

/**
 * Gives handlers that are imported after this the environment that functions have, with their tables in the second engine, until
 * `vi.unstubAllEnvs()`. `elsewhere`: who answers for all other services.
 */
export async function stubEnvironment(
  { db, tables }: Db<TableName>,
  { elsewhere = NOWHERE, more = {} }: { elsewhere?: string; more?: Record<string, string> } = {},
): Promise<void> {
  const { region, credentials, endpoint } = db.config;
  const { hostname, port, protocol } = await (endpoint?.() ?? Promise.reject(new Error("no endpoint")));
  const { accessKeyId, secretAccessKey } = await credentials();
  const environment: Record<string, string> = {
    AWS_ENDPOINT_URL: elsewhere,
    AWS_ENDPOINT_URL_DYNAMODB: `${protocol}//${hostname}:${port}`,
    AWS_REGION: await region(),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...Object.fromEntries(Object.values(variables).map((variable) => [variable, `${NOWHERE}/${variable}`])),
    ORDERS_TABLE: tables.orders,
    IDENTITY_TABLE: tables.identity,
    CATALOG_TABLE: tables.catalog,
    OPERATIONS_TABLE: tables.operations,
    INVENTORY_TABLE: tables.inventory,
    PLATFORM_TABLE: tables.platform,
    LEDGER_TABLE: tables.ledger,
    AUDIT_TABLE: tables.audit,
    UPLOAD_BUCKET: "uploads",
    ...more,
  };
  for (const [variable, value] of Object.entries(environment)) vi.stubEnv(variable, value);
}

/** Calls an operation as the gateway would, with its tables in the second engine. */
export async function callFunction(
  { db, tables }: Db<TableName>,
  name: string,
  { params = {}, query = {}, json, key }: Asked,
): Promise<{ status: number; body: Json }> {
  await stubEnvironment({ db, tables });
  const operation = operationCalled(name);
  const { source, method, path } = operation;
  // The bundler of the tests finds files by their folders' places in the path.
  const [room, domain, file] = source.split("/");
  const { handler } = (await import(`../../../functions/${room}/${domain}/${file}.ts`)) as { handler: Handler };
  const requestId = crypto.randomUUID();
  const requestContext = { requestId, http: { sourceIp: "192.0.2.1" }, authorizer: { iam: { userArn: anna } } };
  const headers = { "content-type": "application/json", "idempotency-key": key ?? requestId };
  const body = json === undefined ? undefined : JSON.stringify(json);
  const event = {
    routeKey: `${method} ${path}`,
    headers,
    pathParameters: params,
    queryStringParameters: query,
    requestContext,
    body,
  };
  const answer = await handler(event, {});
  const said: unknown = JSON.parse(answer.body);
  if (answer.statusCode < 300) expectTrue(operation, said);
  return { status: answer.statusCode, body: said };
}
